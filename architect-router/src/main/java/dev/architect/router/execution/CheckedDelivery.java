package dev.architect.router.execution;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;

/**
 * Stands between the calls of a request whose answers are checked and its listener. {@code BUFFERED}: the listener gets the answer that
 * is returned, at the end. {@code LIVE}: it gets every answer as it comes, but its end only when that answer is the one that is
 * returned. Used by one thread.
 */
final class CheckedDelivery implements ChatListener {

    private final ChatListener target;
    private final boolean isLive;
    private boolean anyDelivered;
    private boolean isWhole;

    CheckedDelivery(ChatListener target, Delivery delivery) {
        this.target = target;
        this.isLive = delivery == Delivery.LIVE && target.delivery() == Delivery.LIVE;
    }

    /** Completes the delivery of the answer that is returned, which is the last one that came whole. */
    void deliver(ChatResponse answer) {
        if (isLive && isWhole) {
            target.onStop(answer.stopReason());
            return;
        }
        if (isLive && anyDelivered) {
            target.onRestart();
        }
        answer.replayTo(target);
    }

    @Override
    public void onAnswering(ModelId model, String requestId, int calls) {
        if (isLive) {
            target.onAnswering(model, requestId, calls);
        }
    }

    @Override
    public void onText(String delta) {
        if (begins()) {
            target.onText(delta);
        }
    }

    @Override
    public void onReasoning(String delta) {
        if (begins()) {
            target.onReasoning(delta);
        }
    }

    @Override
    public void onToolCall(ToolCallDelta delta) {
        if (begins()) {
            target.onToolCall(delta);
        }
    }

    @Override
    public void onCitation(Citation citation) {
        if (begins()) {
            target.onCitation(citation);
        }
    }

    @Override
    public void onWire(String event, String data) {
        if (begins()) {
            target.onWire(event, data);
        }
    }

    /** An answer has come whole. */
    void onWhole() {
        isWhole = true;
    }

    private boolean begins() {
        isWhole = false;
        anyDelivered = isLive;
        return isLive;
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        if (isLive) {
            target.onUsage(soFar);
        }
    }

    @Override
    public void onBurst() {
        if (isLive) {
            target.onBurst();
        }
    }

    @Override
    public void onPause() {
        if (isLive) {
            target.onPause();
        }
    }

    @Override
    public void onStop(StopReason reason) {
        // Held back until it is known whether this is the answer that is returned.
    }

    @Override
    public void onRestart() {
        isWhole = false;
        if (isLive) {
            anyDelivered = false;
            target.onRestart();
        }
    }
}
