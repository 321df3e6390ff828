import { Component, type ReactNode } from "react";
import { WarningIcon } from "../icons";

/** Show that a block cannot be drawn: its type and why. */
export function BlockError({ type, why }: { type: string; why: string }) {
  return (
    <div className="block-error" role="alert" data-block-error={type}>
      <WarningIcon />
      <span>
        This block cannot be drawn: <code>{type}</code> — {why}
      </span>
    </div>
  );
}

type Props = { type: string; content: unknown; children: ReactNode };

/** Catch what a block's drawing throws; another content of the block is another try. */
export class Boundary extends Component<Props, { why: string | null }> {
  override state = { why: null };

  static getDerivedStateFromError(error: unknown) {
    return { why: error instanceof Error ? error.message : String(error) };
  }

  override componentDidUpdate(before: Props) {
    if (this.state.why !== null && before.content !== this.props.content) this.setState({ why: null });
  }

  override render() {
    if (this.state.why !== null) return <BlockError type={this.props.type} why={this.state.why} />;
    return this.props.children;
  }
}
