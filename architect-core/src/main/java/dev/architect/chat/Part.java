package dev.architect.chat;

import dev.architect.check.Check;
import java.util.Optional;

/**
 * A piece of a message. What the kinds are called in each vendor's format is the adapters' business. {@code toString} shows
 * sizes and names, never text.
 */
public sealed interface Part {

    /**
     * Plain text.
     *
     * @param text the text, may be empty
     */
    record Text(String text) implements Part {

        /** Checks that it is there. */
        public Text {
            Check.notNull("text", text);
        }

        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }

    /**
     * A picture to look at.
     *
     * @param media what it is, of an {@code image/} type
     */
    record Image(Media media) implements Part {

        /** Checks that it is there. */
        public Image {
            Check.notNull("media", media);
        }
    }

    /**
     * A document to read, for example a PDF.
     *
     * @param media what it is
     * @param name the file's name, as the model may see it
     */
    record Document(Media media, String name) implements Part {

        /** Checks both. */
        public Document {
            Check.notNull("media", media);
            Check.notBlank("name", name);
        }

        @Override
        public String toString() {
            return "Document[" + media + "]";
        }
    }

    /**
     * The model asks for a tool to be called. Stands in messages of {@link Role#ASSISTANT}.
     *
     * @param id tells this call from others of the conversation; made up by the adapter where the vendor has none
     * @param name the tool
     * @param arguments a JSON object as text, {@code {}} for none. The model wrote it: it may not fit the tool's schema, and
     *     may even be broken JSON
     * @param signature proof of the reasoning behind the call, where the vendor wants it back
     */
    record ToolCall(String id, String name, String arguments, Optional<Signature> signature) implements Part {

        /** Checks every field. */
        public ToolCall {
            Check.notNull("signature", signature);
            Check.notBlank("id", id);
            Check.notBlank("name", name);
            Check.notNull("arguments", arguments);
        }

        /** Returns a call without a signature. */
        public static ToolCall of(String id, String name, String arguments) {
            return new ToolCall(id, name, arguments, Optional.empty());
        }

        @Override
        public String toString() {
            return "ToolCall[" + name + ", " + arguments.length() + " characters]";
        }
    }

    /**
     * What a called tool gave back. Stands in messages of {@link Role#USER}; the results of all calls of one answer belong in
     * one message.
     *
     * @param callId the {@link ToolCall#id()} it answers
     * @param name the tool
     * @param text what the tool gave, or why it failed
     * @param isError whether the tool failed
     */
    record ToolResult(String callId, String name, String text, boolean isError) implements Part {

        /** Checks every field. */
        public ToolResult {
            Check.notNull("text", text);
            Check.notBlank("callId", callId);
            Check.notBlank("name", name);
        }

        /** Returns the result of {@code call}. */
        public static ToolResult of(ToolCall call, String text) {
            Check.notNull("call", call);
            return new ToolResult(call.id(), call.name(), text, false);
        }

        /** Returns the failure of {@code call}. */
        public static ToolResult failed(ToolCall call, String reason) {
            Check.notNull("call", call);
            return new ToolResult(call.id(), call.name(), Check.notNull("reason", reason), true);
        }

        @Override
        public String toString() {
            return "ToolResult[" + name + ", " + text.length() + " characters" + (isError ? ", error]" : "]");
        }
    }

    /**
     * What the model thought before it went on. Stands in messages of {@link Role#ASSISTANT}, before what it led to. Vendors
     * that sign it want it back unchanged when a conversation with tools goes on; other vendors' adapters leave it out.
     *
     * @param text a summary or the thoughts themselves; empty where the vendor keeps them to itself
     * @param signature the vendor's proof that they are its own; empty where it gives none
     */
    record Reasoning(String text, Optional<Signature> signature) implements Part {

        /** Checks every field. */
        public Reasoning {
            Check.notNull("text", text);
            Check.notNull("signature", signature);
        }

        @Override
        public String toString() {
            return "Reasoning[" + text.length() + " characters]";
        }
    }

    /**
     * What stands before this mark, tools and system text included, will come again and is worth caching. At most
     * {@link ChatRequest#MAX_CACHE_BREAKPOINTS} of them count in one request. One at the very beginning of the first message marks
     * tools and system text alone.
     *
     * @param lifetime how long it is worth keeping
     */
    record CacheBreakpoint(CacheLifetime lifetime) implements Part {

        /** Checks that it is there. */
        public CacheBreakpoint {
            Check.notNull("lifetime", lifetime);
        }
    }
}
