import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import { Connection, fetchInfo, type Status } from "./connection";
import { actingAs, addressAs } from "./place";
import type { Info, Send, State } from "./protocol";

const RETRY_MS = 1000;

const refuse: Send = () => Promise.resolve({ type: "reply", id: 0, ok: false, error: "not_connected" });

/** Find out who can be acted as, then stay connected as that person. */
function Root() {
  const [info, setInfo] = useState<Info | null>(null);
  const [state, setState] = useState<State | null>(null);
  const [status, setStatus] = useState<Status>("connecting");
  const [send, setSend] = useState<Send>(() => refuse);
  useEffect(() => {
    let timer: number;
    const ask = () =>
      fetchInfo().then(setInfo, () => {
        timer = window.setTimeout(() => void ask(), RETRY_MS);
      });
    void ask();
    return () => window.clearTimeout(timer);
  }, []);
  const me = info ? (info.users.find(({ id }) => id === actingAs())?.id ?? info.default) : null;
  useEffect(() => {
    if (!me) return undefined;
    if (me !== actingAs()) history.replaceState(null, "", addressAs(me));
    const connection = new Connection(me, (next, now) => {
      setState(next);
      setStatus(now);
    });
    setSend(() => connection.send);
    return () => connection.stop();
  }, [me]);
  return <App info={info} me={me ?? ""} state={state} status={status} send={send} />;
}

const root = document.getElementById("root");
if (root) createRoot(root).render(<Root />);
