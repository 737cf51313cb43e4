package dev.architect.json;

import dev.architect.check.Check;

/**
 * Finds the end of a JSON object whose text comes in deltas, each character once. It does not check the text in between: what is
 * no JSON may end somewhere or nowhere. Used by one thread.
 */
public final class JsonObjectEnd {

    private enum State {
        BEFORE,
        INSIDE,
        TEXT,
        ESCAPE,
        REACHED,
        /** What came is no object, or more than one. */
        BROKEN
    }

    private State state = State.BEFORE;
    private int depth;

    /** Creates a reader before the first delta. */
    public JsonObjectEnd() {}

    /** Reads the next delta. */
    public void read(String delta) {
        Check.notNull("delta", delta);
        for (int index = 0; index < delta.length(); index++) {
            read(delta.charAt(index));
        }
    }

    /** Whether the object is complete, and nothing but white space has come after it. */
    public boolean isReached() {
        return state == State.REACHED;
    }

    private void read(char next) {
        switch (state) {
            case BEFORE -> {
                if (next == '{') {
                    depth = 1;
                    state = State.INSIDE;
                } else if (!Character.isWhitespace(next)) {
                    state = State.BROKEN;
                }
            }
            case INSIDE -> readInside(next);
            case TEXT -> {
                if (next == '\\') {
                    state = State.ESCAPE;
                } else if (next == '"') {
                    state = State.INSIDE;
                }
            }
            case ESCAPE -> state = State.TEXT;
            case REACHED -> {
                if (!Character.isWhitespace(next)) {
                    state = State.BROKEN;
                }
            }
            case BROKEN -> {
                // Nothing that follows makes it an object.
            }
        }
    }

    private void readInside(char next) {
        if (next == '"') {
            state = State.TEXT;
        } else if (next == '{' || next == '[') {
            depth++;
        } else if ((next == '}' || next == ']') && --depth == 0) {
            state = State.REACHED;
        }
    }
}
