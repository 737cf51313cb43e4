package dev.architect.simulator.answer;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Generates plausible answers when none was recorded.
 *
 * <p>The same seed, model and prompt give the same text. Its length is log-normal around a median that grows with the
 * prompt, from 24 to 400 tokens, and never over 1,500.
 */
public final class GeneratedAnswers {

    private static final double SIGMA = 0.45;
    private static final long SHORTEST_MEDIAN = 24;
    private static final long LONGEST_MEDIAN = 400;
    private static final long LONGEST = 1_500;

    private static final String CODE = """
            Here is a small function that does it:

            ```java
            static String greet(String name) {
                return "Hello, " + name + "!";
            }
            ```

            Call it as `greet("world")`.""";

    private static final String[] OPENINGS = {
        "In short, yes: the simple way works here.",
        "The answer depends on one thing, and it is easy to check.",
        "There are two parts to this, and the first decides the second.",
        "The usual way is also the best one in this case.",
        "This comes down to a few steps.",
    };

    private static final String[] SENTENCES = {
        "Start with the smallest case that shows the effect, and measure it before changing anything.",
        "Keep the state in one place, so that every reader sees the same value.",
        "The cost grows with the number of items, not with their size.",
        "A limit that is visible is easier to live with than one that is hidden.",
        "Most of the time goes into waiting, so more workers help only up to a point.",
        "Write down what was decided and why; the next reader will ask the same question.",
        "If the numbers disagree, trust the one that was counted at the source.",
        "An error that names the field and the value saves everybody an hour.",
        "The second attempt should be slower than the first, and the third slower still.",
        "When both sides may change, agree on the format first.",
        "Compare the result with a known case before relying on it.",
        "A cache helps only when the same question comes back soon.",
        "The old version keeps working while the new one is rolled out.",
        "Check the edge cases: nothing, exactly one, and one more than fits.",
        "It is cheaper to ask for less than to throw the rest away.",
        "The order of the steps matters, because each one uses the result of the one before.",
        "Nothing else needs to change for this to work.",
        "That covers the common case; the rare ones can wait until they happen.",
    };

    private static final String[] REASONING_SENTENCES = {
        "First, what is being asked, and what would a complete answer contain?",
        "There are two readings, and the plain one fits better.",
        "The simplest way comes first; is there a case where it fails?",
        "One edge case remains, but it does not change the result.",
        "Checking the result against a known case shows no contradiction.",
    };

    private GeneratedAnswers() {}

    /** A reasoning text, longer for a higher effort; {@code effort} is the value of any provider. */
    public static String reasoning(Prompt prompt, String effort) {
        int sentences = switch (effort.toLowerCase(Locale.ROOT)) {
            case "minimal" -> 1;
            case "low" -> 2;
            case "high" -> 4;
            case "xhigh" -> 5;
            case "max" -> 6;
            default -> 3;
        };
        StringBuilder text = new StringBuilder();
        int next = (int) Math.floorMod(prompt.hash(), (long) REASONING_SENTENCES.length);
        for (int i = 0; i < sentences; i++) {
            text.append(i == 0 ? "" : " ").append(REASONING_SENTENCES[(next + i) % REASONING_SENTENCES.length]);
        }
        return text.toString();
    }

    public static String text(long seed, String modelId, Prompt prompt) {
        SplittableRandom random =
                new SplittableRandom(seed * 31 + modelId.hashCode() * 1_000_003L + prompt.askedHash());
        long median = Math.max(SHORTEST_MEDIAN, Math.min(LONGEST_MEDIAN, 16 + prompt.askedTokens() / 2));
        long target = Math.min(LONGEST, Math.round(median * StrictMath.exp(SIGMA * random.nextGaussian())));
        StringBuilder text = new StringBuilder((int) target * 4 + 200);
        text.append(wantsCode(prompt.lastUser()) ? CODE : OPENINGS[random.nextInt(OPENINGS.length)]);
        int next = random.nextInt(SENTENCES.length);
        while (TokenCounts.of(text.length()) < target) {
            text.append(random.nextInt(5) == 0 ? "\n\n" : " ").append(SENTENCES[next]);
            // Never the same sentence twice in a row: the step is at least one and less than a full round.
            next = (next + 1 + random.nextInt(SENTENCES.length - 1)) % SENTENCES.length;
        }
        return text.toString();
    }

    private static boolean wantsCode(String question) {
        String beginning = question.length() > 400 ? question.substring(0, 400) : question;
        String lower = beginning.toLowerCase(Locale.ROOT);
        return lower.contains("function") || lower.contains("code") || lower.contains("hello world");
    }
}
