package dev.architect.testkit;

import dev.architect.cost.Money;
import dev.architect.project.ProjectId;
import dev.architect.task.Priority;
import dev.architect.task.TaskRequest;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Random values of our own kinds from one seed. Not safe for use by several threads. */
public final class Dice {

    private static final String[] WORDS = {
        "route",
        "price",
        "Größe",
        "naïve",
        "漢字",
        "🙂",
        "\"quoted\"",
        "line\nbreak",
        "tab\there",
        "a",
        "zero\u0000",
        "'; --"
    };

    private final long seed;
    private final SplittableRandom random;

    Dice(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** The seed that all values come from. */
    long seed() {
        return seed;
    }

    /** Returns a number from {@code from} to {@code to}, both possible. */
    public long between(long from, long to) {
        return random.nextLong(from, to + 1);
    }

    /** Returns a number from {@code from} to {@code to}, both possible. */
    public int between(int from, int to) {
        return random.nextInt(from, to + 1);
    }

    /** Returns true once in {@code times}. */
    public boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    /** Returns one of {@code choices}. */
    @SafeVarargs
    public final <T> T oneOf(T... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** Returns {@code size} values. */
    public <T> List<T> listOf(int size, Supplier<T> value) {
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value.get());
        }
        return list;
    }

    /** Returns up to {@code words} words, some of them hard to encode; never blank. */
    public String text(int words) {
        return String.join(" ", listOf(between(1, words), () -> oneOf(WORDS)));
    }

    /** Returns an amount of up to nine thousand dollars, often a small one. */
    public Money money() {
        return new Money(onceIn(10) ? between(0L, 9_000_000_000_000_000L) : between(0L, 1_000_000_000L));
    }

    /** Returns a usage of some buckets. */
    public TokenUsage usage() {
        TokenUsage.Builder usage = TokenUsage.builder();
        for (UsageBucket bucket : UsageBucket.values()) {
            if (onceIn(3)) {
                usage.add(bucket, between(0L, 1_000_000L));
            }
        }
        return usage.build();
    }

    /** Returns a task of type {@code prompt}. */
    public TaskRequest taskRequest() {
        return TaskRequest.prompt(text(20))
                .priority(new Priority(between(0, 9)))
                .project(new ProjectId(oneOf("default", "alpha", "beta-2")))
                .maxAttempts(between(1, 5));
    }
}
