package dev.architect.chat;

/** A piece of a message. More kinds will join, so adapters refuse what they do not know. */
public sealed interface Part {

    /**
     * Plain text.
     *
     * @param text the text, may be empty
     */
    record Text(String text) implements Part {
        @Override
        public String toString() {
            return "Text[" + text.length() + " characters]";
        }
    }
}
