import { AppIcon } from "./icons";
import type { Person } from "./protocol";

const COLORS = ["#4a6fa5", "#b5536b", "#3f7d58", "#a4682a", "#6b5b95", "#2c7a7b", "#8c4a6b", "#5a6b2f"];

const APP_COLOR = "#1f4e79";

function colorOf({ id, color, is_bot }: Person): string {
  if (is_bot) return APP_COLOR;
  if (color) return color.startsWith("#") ? color : `#${color}`;
  const sum = [...id].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  return COLORS[sum % COLORS.length] as string;
}

function initials(name: string): string {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  return words
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase())
    .join("");
}

export function Avatar({ person, size = 36 }: { person: Person; size?: number }) {
  const style = { width: size, height: size, fontSize: size * 0.42, background: colorOf(person) };
  return (
    <span className="avatar" style={style} aria-hidden="true">
      {person.is_bot ? <AppIcon /> : initials(person.name)}
    </span>
  );
}

export function AppBadge() {
  return <span className="app-badge">APP</span>;
}
