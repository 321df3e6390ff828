import { useState } from "react";
import { upload } from "../connection";
import type { ControlProps } from "./element";

/** Choose files; each is put into Slack at once, and the form brings them when it is sent. */
export function FileField({ value, onChange, attributes }: ControlProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const files = value.files ?? [];
  const add = async (chosen: FileList | null) => {
    setProblem(null);
    try {
      onChange({ files: [...files, ...(await Promise.all([...(chosen ?? [])].map(upload)))] });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <div className="files">
      <input {...attributes} type="file" multiple onChange={(event) => void add(event.target.files)} />
      {files.map((file) => (
        <span key={file.id} className="files__one">
          {file.name}
        </span>
      ))}
      {problem && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
