package dev.architect.project;

import dev.architect.check.Check;
import dev.architect.json.JsonFields;
import java.util.Arrays;

/**
 * Who plans, changes or is to do something: a person, an agent, a rule of the program, or an import. Its text is the kind, a colon and the
 * name, for example {@code person:ada}.
 *
 * @param kind what it is
 * @param name its own name, 1 to 128 characters
 */
public record Actor(Kind kind, String name) {

    /** The program itself, for what follows from tasks. */
    public static final Actor ENGINE = new Actor(Kind.RULE, "engine");

    private static final int MAX_CHARACTERS = 128;

    /** What an actor is. */
    public enum Kind {
        /** A human being. */
        PERSON,
        /** A program that decides by a model. */
        AGENT,
        /** A rule of the program. */
        RULE,
        /** The reader of another program's data. */
        IMPORT
    }

    /** Checks the name. */
    public Actor {
        Check.notNull("kind", kind);
        Check.atMost("name", Check.notBlank("name", name), MAX_CHARACTERS);
    }

    /** Returns a person. */
    public static Actor person(String name) {
        return new Actor(Kind.PERSON, name);
    }

    /** Returns an agent. */
    public static Actor agent(String name) {
        return new Actor(Kind.AGENT, name);
    }

    /** Whether it is not a human being. */
    public boolean isMachine() {
        return kind != Kind.PERSON;
    }

    /**
     * Reads what {@link #toString} has written; a text without a kind is the name of a person.
     *
     * @throws IllegalArgumentException when the name is blank or too long
     */
    public static Actor parse(String text) {
        int colon = Check.notNull("actor", text).indexOf(':');
        if (colon > 0) {
            String word = text.substring(0, colon);
            for (Kind kind : Kind.values()) {
                if (JsonFields.wordOf(kind).equals(word)) {
                    return new Actor(kind, text.substring(colon + 1));
                }
            }
            throw new IllegalArgumentException("actor is of kind '" + JsonFields.shorten(word)
                    + "', expected one of "
                    + Arrays.stream(Kind.values()).map(JsonFields::wordOf).toList());
        }
        return person(text);
    }

    @Override
    public String toString() {
        return JsonFields.wordOf(kind) + ":" + name;
    }
}
