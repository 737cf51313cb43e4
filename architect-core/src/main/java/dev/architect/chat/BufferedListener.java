package dev.architect.chat;

import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;

/**
 * A listener that wants its answer when it is complete. The router holds the answer; this passes on what it delivers.
 *
 * @param target gets everything
 */
record BufferedListener(ChatListener target) implements ChatListener {

    @Override
    public Delivery delivery() {
        return Delivery.BUFFERED;
    }

    @Override
    public void onText(String delta) {
        target.onText(delta);
    }

    @Override
    public void onReasoning(String delta) {
        target.onReasoning(delta);
    }

    @Override
    public void onToolCall(ToolCallDelta delta) {
        target.onToolCall(delta);
    }

    @Override
    public void onCitation(Citation citation) {
        target.onCitation(citation);
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        target.onUsage(soFar);
    }

    @Override
    public void onStop(StopReason reason) {
        target.onStop(reason);
    }

    @Override
    public void onRestart() {
        target.onRestart();
    }
}
