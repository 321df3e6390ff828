import { createContext, type ReactNode, useCallback, useContext, useEffect, useId, useRef, useState } from "react";
import type { Confirm } from "./blocks/kit";
import { Text } from "./blocks/library";
import { labelOf } from "./blocks/mrkdwn";
import { Dialog } from "./dialog";

type Ask = (confirm: Confirm) => Promise<boolean>;

const ConfirmContext = createContext<Ask>(() => Promise.resolve(true));

/** Give the function that asks "Are you sure?" and resolves to the answer. */
export function useConfirm(): Ask {
  return useContext(ConfirmContext);
}

type Question = { confirm: Confirm; answer: (yes: boolean) => void };

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const ask = useCallback<Ask>((confirm) => {
    const before = document.activeElement as HTMLElement | null;
    return new Promise((resolve) => {
      setQuestion({
        confirm,
        answer: (yes) => {
          setQuestion(null);
          resolve(yes);
          window.setTimeout(() => before?.focus());
        },
      });
    });
  }, []);
  return (
    <ConfirmContext.Provider value={ask}>
      {children}
      {question && <ConfirmDialog {...question} />}
    </ConfirmContext.Provider>
  );
}

function ConfirmDialog({ confirm, answer }: Question) {
  const titleId = useId();
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => yes.current?.focus(), []);
  return (
    <Dialog labelledBy={titleId} onClose={() => answer(false)} className="dialog--confirm">
      <h2 id={titleId} className="dialog__title">
        {labelOf(confirm.title) || "Are you sure?"}
      </h2>
      <div className="dialog__text">{confirm.text && <Text text={confirm.text} />}</div>
      <div className="dialog__buttons">
        <button type="button" className="btn" onClick={() => answer(false)}>
          {labelOf(confirm.deny) || "Cancel"}
        </button>
        <button
          type="button"
          ref={yes}
          className={`btn btn--${confirm.style === "danger" ? "danger" : "primary"}`}
          onClick={() => answer(true)}
        >
          {labelOf(confirm.confirm) || "OK"}
        </button>
      </div>
    </Dialog>
  );
}
