package dev.architect.router;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallPiece;
import dev.architect.spi.ProviderAnswer;

/** Tells a listener of an answer that came whole, as if it had been streamed. */
final class Telling {

    private Telling() {}

    static void atOnce(ProviderAnswer answer, ChatListener listener) {
        int calls = 0;
        for (Part part : answer.content()) {
            if (part instanceof Part.Text text && !text.text().isEmpty()) {
                listener.onText(text.text());
            } else if (part instanceof Part.Reasoning reasoning
                    && !reasoning.text().isEmpty()) {
                listener.onReasoning(reasoning.text());
            } else if (part instanceof Part.ToolCall call) {
                listener.onToolCall(new ToolCallPiece(calls++, call.id(), call.name(), call.arguments()));
            }
        }
        answer.citations().forEach(listener::onCitation);
        if (!answer.usage().isUnknown()) {
            listener.onUsage(answer.usage());
        }
        listener.onStop(answer.stopReason());
    }
}
