package dev.architect.router.classification;

/**
 * What makes a prompt complex, and by how much. This is the whole table of weights: a signal gives {@code points} when it
 * occurs {@code from} times, and again for each further {@code step}, up to {@code most}.
 *
 * <p>The weights are our judgement: they put recall, rewording and short answers under {@link #MEDIUM_FROM} points,
 * calculations over several steps under {@link #COMPLEX_FROM}, and design, proof and work with many constraints above.
 */
enum PromptSignal {
    /** Characters of the last turn. */
    LENGTH("characters", 200, 1, 400, 2),
    /** Characters of the whole conversation, system text included. */
    CONTEXT("characters of context", 8_000, 1, 24_000, 2),
    /** Turns before the last one. */
    TURNS("earlier turns", 3, 1, 6, 2),
    /** Question marks. */
    QUESTIONS("questions", 2, 1, 2, 2),
    /** Lines that begin with a number or a bullet, and words such as "first" and "then". */
    STEPS("steps or list items", 5, 1, 4, 2),
    /** Words that limit the answer: "must", "without", "at least", "exactly". */
    CONSTRAINTS("constraints", 2, 1, 2, 3),
    /** Words that ask for design, analysis, comparison, planning or review. */
    EXPERT("requests for design, analysis or comparison", 1, 2, 1, 5),
    /** Words that ask for a proof or a derivation. */
    PROOF("requests for proof or derivation", 1, 4, 1, 8),
    /** Words that ask for reasons, causes or step by step thought. */
    REASONING("requests for reasons", 1, 1, 1, 2),
    /** Words of mathematics and word problems. */
    MATHS("words of mathematics", 1, 1, 2, 3),
    /** Numbers in a text that is not a table. */
    NUMBERS("numbers", 4, 1, 4, 2),
    /** Formulas: operators between numbers and letters, and mathematical characters. */
    FORMULA("parts of formulas", 2, 1, 4, 2),
    /** Lines that look like source code, and code fences. */
    CODE("lines of code", 1, 1, 3, 3),
    /** Words that ask for a program. */
    PROGRAMMING("words of programming", 1, 1, 2, 2),
    /** Words that ask for a long answer, and a large limit of output. */
    LONG_ANSWER("requests for a long answer", 1, 1, 1, 2),
    /** Words that ask for a given form: JSON, tables; and rows of such data in the prompt. */
    STRUCTURE("signs of structured data", 1, 1, 6, 2),
    /** Words that ask to classify, translate, summarise or extract: simple work even on a long text. */
    REWORDING("requests to classify, translate, summarise or extract", 1, -2, Integer.MAX_VALUE, 0);

    /** From so many points on a prompt is medium. */
    static final int MEDIUM_FROM = 3;

    /** From so many points on a prompt is complex. */
    static final int COMPLEX_FROM = 7;

    private final String words;
    private final int from;
    private final int points;
    private final int step;
    private final int most;

    PromptSignal(String words, int from, int points, int step, int most) {
        this.words = words;
        this.from = from;
        this.points = points;
        this.step = step;
        this.most = most;
    }

    int points(long count) {
        if (count < from) {
            return 0;
        }
        long times = 1 + (count - from) / step;
        return (int) Math.min(most, times * points);
    }

    /** The reason for the points, without a word of the prompt. */
    String reason(long count) {
        int points = points(count);
        return count + " " + words + " (" + (points > 0 ? "+" : "") + points + ")";
    }
}
