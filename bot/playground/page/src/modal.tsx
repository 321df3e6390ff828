import { type FormEvent, type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Avatar } from "./avatar";
import { Blocks } from "./blocks/blocks";
import { labelOf } from "./blocks/mrkdwn";
import { SurfaceProvider, Trouble, useHeldValues } from "./blocks/surface";
import { problems, type Values } from "./blocks/values";
import { Dialog, focusables } from "./dialog";
import { CloseIcon } from "./icons";
import type { Notice, Person, Reply, Send, View } from "./protocol";

type Props = { view: View; app: Person; notices: Notice[]; send: Send };

/** The open view; what was entered into the views under it is kept until all are closed. */
export function Modal(props: Props) {
  const kept = useRef(new Map<string, Values>());
  return <ModalView key={props.view.id} {...props} kept={kept.current} />;
}

function ModalView({ view, app, notices, send, kept }: Props & { kept: Map<string, Values> }) {
  const titleId = useId();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useHeldValues(view.blocks, view.state?.values, kept.get(view.id));
  const [own, setOwn] = useState<Record<string, string>>({});
  const [sending, setSending] = useState(false);
  const [trouble, setTrouble] = useState<Reply | null>(null);
  const container = useMemo(() => ({ type: "view", view_id: view.id }) as const, [view.id]);
  const errors = useMemo(() => ({ ...view.errors, ...own }), [view.errors, own]);
  useEffect(() => void kept.set(view.id, values), [kept, view.id, values]);
  useEffect(() => {
    setOwn({});
    setTrouble(null);
  }, [view.blocks]);
  const news = useNewNotices(notices, send);
  useFocus(form, view, errors, sending);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (sending || !view.submit) return;
    const found = { ...problems(view.blocks, values), ...badInputs(form.current) };
    setOwn(found);
    setTrouble(null);
    news.dismiss();
    if (Object.keys(found).length > 0) return;
    setSending(true);
    const reply = await send({ do: "submit", view_id: view.id, values });
    setSending(false);
    if (!reply.ok) setTrouble(reply);
  };
  const close = async () => {
    news.dismiss();
    const reply = await send({ do: "close", view_id: view.id });
    if (!reply.ok) setTrouble(reply);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void submit(event);
  };
  const ids = new Set(view.blocks.map((block) => block.block_id));
  const unplaced = Object.entries(errors).filter(([blockId]) => !ids.has(blockId));
  return (
    <Dialog labelledBy={titleId} onClose={() => void close()} className="modal" viewId={view.id}>
      <form ref={form} noValidate onSubmit={(event) => void submit(event)} onKeyDown={onKeyDown}>
        <header className="modal__header">
          <Avatar person={app} size={36} />
          <h2 id={titleId}>{labelOf(view.title)}</h2>
          <button type="button" className="btn btn--icon" aria-label="Close this dialog" onClick={() => void close()}>
            <CloseIcon />
          </button>
        </header>
        <div className="modal__body" data-view-hash={view.hash}>
          {unplaced.map(([blockId, message]) => (
            <p className="trouble" role="alert" key={blockId}>
              {message}
            </p>
          ))}
          <SurfaceProvider container={container} send={send} values={values} onValues={setValues} errors={errors}>
            <Blocks blocks={view.blocks} />
          </SurfaceProvider>
        </div>
        <footer className="modal__footer">
          {trouble && <Trouble reply={trouble} />}
          {news.notices.map(({ id, text }) => (
            <p className="trouble" role="alert" key={id} data-notice={id}>
              {text}
            </p>
          ))}
          <button type="button" className="btn" onClick={() => void close()}>
            {labelOf(view.close) || (view.submit ? "Cancel" : "Close")}
          </button>
          {view.submit && (
            <button type="submit" className={`btn btn--primary ${sending ? "btn--busy" : ""}`} aria-busy={sending}>
              {labelOf(view.submit)}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** The notices that came since the view was opened: they stand in it until the next try. */
function useNewNotices(notices: Notice[], send: Send) {
  const before = useRef(new Set(notices.map(({ id }) => id))).current;
  const fresh = notices.filter(({ id }) => !before.has(id));
  const dismiss = () => {
    for (const { id } of fresh) void send({ do: "dismiss_notice", notice: id });
  };
  return { notices: fresh, dismiss };
}

/** Name the blocks whose native input holds something half typed, which reads as empty. */
function badInputs(form: HTMLFormElement | null): Record<string, string> {
  const inputs = [...(form?.querySelectorAll<HTMLInputElement>("input[data-block-id]") ?? [])];
  return Object.fromEntries(
    inputs
      .filter((input) => input.validity.badInput)
      .map((input) => [input.dataset.blockId ?? "", "Please complete this date, or clear it."]),
  );
}

/** Focus the first input on open and after each step, and the first field in error. */
function useFocus(
  form: { current: HTMLFormElement | null },
  view: View,
  errors: Record<string, string>,
  sending: boolean,
) {
  const inputs = view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
  const step = inputs.join("\n");
  const drawn = useRef<string | null>(null);
  useLayoutEffect(() => {
    const root = form.current;
    if (!root) return;
    const lost = !root.contains(document.activeElement);
    if (drawn.current === step && !lost) return;
    drawn.current = step;
    const body = root.querySelector<HTMLElement>(".modal__body");
    if (body) body.scrollTop = 0;
    const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.block_id;
    const stops = body ? focusables(body) : [];
    const fields = stops.filter((stop) => stop.closest("[data-input-block]"));
    const first = fields.find((field) => field.dataset.blockId === wanted) ?? fields[0] ?? stops[0];
    (first ?? root.querySelector<HTMLElement>("[type=submit]") ?? root.closest<HTMLElement>("[role=dialog]"))?.focus();
  }, [form, view.blocks, step]);
  useEffect(() => {
    const invalid = sending ? null : form.current?.querySelector<HTMLElement>(".input--invalid");
    if (invalid) focusables(invalid)[0]?.focus();
  }, [form, errors, sending]);
}
