package dev.architect.route;

import dev.architect.check.Check;

/**
 * Something in a request that changed the score of its complexity. It holds a count, never text of the prompt.
 *
 * @param kind what was counted
 * @param count how often it occurs, or how large it is
 * @param points what that added to the score; negative where it makes a request simpler
 */
public record ComplexitySignal(Kind kind, long count, int points) {

    /** Checks every field. */
    public ComplexitySignal {
        Check.notNull("kind", kind);
    }

    /** What can be counted in a request. The constants may be stored: they are never renamed. */
    public enum Kind {
        /** Characters of the last turn. */
        LENGTH("characters"),
        /** Characters of the turns before the last one and of the system text. */
        CONTEXT("characters of context"),
        /** Turns before the last one. */
        TURNS("earlier turns"),
        /** Question marks. */
        QUESTIONS("questions"),
        /** Lines that begin with a number or a bullet. */
        STEPS("steps or list items"),
        /** Words that limit the answer: "must", "without", "at least", "exactly". */
        CONSTRAINTS("constraints"),
        /** Words that ask for design, analysis, comparison, planning or review. */
        EXPERT("requests for design, analysis or comparison"),
        /** Words that ask for a proof or a derivation. */
        PROOF("requests for proof or derivation"),
        /** Words that ask for reasons, causes or step by step reasoning. */
        REASONING("requests for reasons"),
        /** Words that ask for a calculation. */
        MATHS("requests for a calculation"),
        /** Numbers in a text that is not a table. */
        NUMBERS("numbers"),
        /** Operators and mathematical characters. */
        FORMULA("parts of formulas"),
        /** Lines that look like source code, and code fences. */
        CODE("lines of code"),
        /** Words that ask for a program. */
        PROGRAMMING("words of programming"),
        /** Words that ask for a long answer, and a large limit of output tokens. */
        LONG_ANSWER("requests for a long answer"),
        /** Words that ask for structured data (JSON, tables), and rows of such data in the prompt. */
        STRUCTURE("signs of structured data"),
        /** Words that ask to classify, translate, summarise or extract. */
        REWORDING("requests to classify, translate, summarise or extract"),
        /** Capital letters: sentences, names and abbreviations. */
        CAPITALS("capital letters");

        private final String description;

        Kind(String description) {
            this.description = description;
        }
    }

    /** Renders the signal in English, for example {@code 2 questions (+1)}. */
    public String reason() {
        return count + " " + kind.description + " (" + (points > 0 ? "+" : "") + points + ")";
    }
}
