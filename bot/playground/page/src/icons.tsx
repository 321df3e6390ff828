import type { ReactNode } from "react";

function Icon({ children, size = 18 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

export const HashIcon = ({ size = 18 }) => (
  <Icon size={size}>
    <path d="M7.8 3 6 17M14 3l-1.8 14M3.6 7.4h13.6M2.8 12.6h13.6" />
  </Icon>
);

export const LockIcon = ({ size = 18 }) => (
  <Icon size={size}>
    <rect x="4" y="9" width="12" height="8" rx="1.6" />
    <path d="M6.8 9V6.4a3.2 3.2 0 0 1 6.4 0V9" />
  </Icon>
);

export const CloseIcon = () => (
  <Icon size={20}>
    <path d="m5 5 10 10M15 5 5 15" />
  </Icon>
);

export const SendIcon = () => (
  <svg className="icon" width="18" height="18" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
    <path d="M2.2 3.1c-.2-.8.6-1.5 1.4-1.1l14 7.1c.8.4.8 1.4 0 1.8l-14 7.1c-.8.4-1.6-.3-1.4-1.1l1.5-5.6L10.5 10 3.7 8.7 2.2 3.1Z" />
  </svg>
);

export const ThreadIcon = () => (
  <Icon>
    <path d="M17 9.2c0 3.2-3.1 5.8-7 5.8-.8 0-1.6-.1-2.3-.3L4 16.4l.8-3C3.7 12.3 3 10.8 3 9.2 3 6 6.1 3.4 10 3.4s7 2.6 7 5.8Z" />
    <path d="M7.2 7.9h5.6M7.2 10.7h3.6" />
  </Icon>
);

export const EyeIcon = () => (
  <Icon size={14}>
    <path d="M2 10s3-5.2 8-5.2S18 10 18 10s-3 5.2-8 5.2S2 10 2 10Z" />
    <circle cx="10" cy="10" r="2.3" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon size={14}>
    <rect x="7" y="7" width="10" height="10" rx="1.6" />
    <path d="M13 7V4.6A1.6 1.6 0 0 0 11.4 3H4.6A1.6 1.6 0 0 0 3 4.6v6.8A1.6 1.6 0 0 0 4.6 13H7" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon size={14}>
    <path d="m4 10.5 4 4 8-9" />
  </Icon>
);

export const WarningIcon = ({ size = 16 }) => (
  <Icon size={size}>
    <path d="M10 3 1.8 17h16.4L10 3ZM10 8v4M10 14.5v.1" />
  </Icon>
);

export const MoreIcon = () => (
  <svg className="icon" width="18" height="18" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
    <circle cx="4.5" cy="10" r="1.6" />
    <circle cx="10" cy="10" r="1.6" />
    <circle cx="15.5" cy="10" r="1.6" />
  </svg>
);

export const KebabIcon = () => (
  <svg className="icon" width="18" height="18" viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">
    <circle cx="10" cy="4.5" r="1.6" />
    <circle cx="10" cy="10" r="1.6" />
    <circle cx="10" cy="15.5" r="1.6" />
  </svg>
);

export const ReactionIcon = () => (
  <Icon>
    <path d="M16.2 8.6a6.9 6.9 0 1 1-4.8-4.8M16 2.2v5M13.5 4.7h5" />
    <path d="M6.2 11.4a3.4 3.4 0 0 0 6.4 0M7.3 8.2v.1M11.5 8.2v.1" />
  </Icon>
);

export const CaretIcon = () => (
  <Icon size={14}>
    <path d="m5 7.5 5 5 5-5" />
  </Icon>
);

export const AppIcon = () => (
  <svg className="icon" viewBox="0 0 20 20" width="60%" height="60%" fill="none" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
    <path d="M10 2.2 16.5 4.6v4.8c0 4-2.7 7-6.5 8.4-3.8-1.4-6.5-4.4-6.5-8.4V4.6L10 2.2Z" />
    <path d="m7 9.9 2.2 2.2L13.2 8" />
  </svg>
);
