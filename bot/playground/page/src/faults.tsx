import { type FocusEvent, useEffect, useId, useRef, useState } from "react";
import type { FaultCatalog, FaultsState, Send } from "./protocol";

type Props = { catalog: FaultCatalog; faults: FaultsState; send: Send };

const GROUPS = [
  { label: "Web API calls", prefix: "call:" },
  { label: "Deliveries to the app", prefix: "delivery:" },
  { label: "Elsewhere", prefix: "" },
];
const FIRST_SITE = "call:chat.postMessage";

/** A button that opens the panel of faults, for those who want to see the app when Slack goes wrong. */
export function Faults({ catalog, faults, send }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const onPointerDown = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onPointerDown);
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      document.removeEventListener("keydown", onKeyDown);
    };
  }, [open]);
  const onBlur = (event: FocusEvent) => {
    if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
  };
  const waiting = faults.rules.length;
  return (
    <div className="faults" ref={root} onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        className="faults__button"
        aria-expanded={open}
        aria-controls={id}
        title="Let Slack go wrong, to see what the app does"
        onClick={() => setOpen(!open)}
      >
        Faults{waiting > 0 && <span className="faults__waiting">{waiting}</span>}
        {waiting > 0 && <span className="sr-only"> waiting</span>}
      </button>
      {open && (
        <section className="faults__panel" id={id} aria-label="Faults" tabIndex={-1}>
          <AddFault catalog={catalog} send={send} />
          <Waiting faults={faults} send={send} />
          <Happened faults={faults} />
        </section>
      )}
    </div>
  );
}

function AddFault({ catalog, send }: { catalog: FaultCatalog; send: Send }) {
  const [site, setSite] = useState(FIRST_SITE);
  const [wanted, setWanted] = useState("");
  const [times, setTimes] = useState("1");
  const [error, setError] = useState<string | null>(null);
  const fitting = catalog.sites.find((one) => one.site === site)?.faults ?? [];
  const fault = fitting.includes(wanted) ? wanted : (fitting[0] ?? "");
  const add = async () => setError((await send({ do: "fault", site, fault, times: Number(times) })).error ?? null);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label>
        <span>Where</span>
        <select className="field field--select" value={site} onChange={(event) => setSite(event.target.value)}>
          {GROUPS.map(({ label, prefix }) => (
            <optgroup key={label} label={label}>
              {catalog.sites
                .filter((one) => (prefix ? one.site.startsWith(prefix) : !one.site.includes(":")))
                .map((one) => (
                  <option key={one.site} value={one.site}>
                    {nameOf(one.site)}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </label>
      <div className="faults__row">
        <label>
          <span>What goes wrong</span>
          <select className="field field--select" value={fault} onChange={(event) => setWanted(event.target.value)}>
            {fitting.map((one) => (
              <option key={one} value={one}>
                {wordsOf(one)}
              </option>
            ))}
          </select>
        </label>
        <label className="faults__times">
          <span>Times</span>
          <input
            className="field"
            type="number"
            min={1}
            max={1000}
            required
            value={times}
            onChange={(event) => setTimes(event.target.value)}
          />
        </label>
        <button type="submit" className="btn">
          Add
        </button>
      </div>
      <p className="faults__says">{catalog.says[fault]}.</p>
      {error && (
        <p className="trouble" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}

function Waiting({ faults, send }: { faults: FaultsState; send: Send }) {
  if (faults.rules.length === 0) return <p className="faults__says">Nothing is going to go wrong.</p>;
  return (
    <div className="faults__list">
      <h2>
        Waiting
        <button type="button" className="btn" onClick={() => void send({ do: "clear_faults" })}>
          Clear
        </button>
      </h2>
      <ul aria-label="Waiting">
        {faults.rules.map(({ site, fault, left }, index) => (
          <li key={index}>
            <Pair site={site} fault={fault} count={left ?? "∞"} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Happened({ faults }: { faults: FaultsState }) {
  if (faults.happened.length === 0) return null;
  return (
    <div className="faults__list">
      <h2>Happened</h2>
      <ul aria-label="Happened">
        {faults.happened.map(({ site, fault, count }) => (
          <li key={`${site} ${fault}`}>
            <Pair site={site} fault={fault} count={count} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Pair({ site, fault, count }: { site: string; fault: string; count: number | string }) {
  return (
    <>
      <b>{nameOf(site)}</b> <span>{wordsOf(fault)}</span> <span className="faults__count">×{count}</span>
    </>
  );
}

const nameOf = (site: string) => site.slice(site.indexOf(":") + 1);
const wordsOf = (fault: string) => fault.replaceAll("_", " ");
