package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.subject.SubjectSetup;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The sixteen scenarios of the public Failover Bench (methodology v0.1), with the longest time that a request may take. */
public enum FailoverScenario {
    /** The first call gets a 429 that says when to come back. */
    S01("ratelimited", 20_000),
    /** Every call gets a 429 without a word about when. */
    S02("alwaysratelimited", 40_000),
    /** The first call gets a 500. */
    S03("servererror", 20_000),
    /** Every call gets a 503. */
    S04("unavailable", 40_000),
    /** The first connection is reset before any byte. */
    S05("reset", 20_000),
    /** No call is ever answered. */
    S06("silent", 130_000),
    /** The first token is late. */
    S07("slow", 60_000),
    /** The stream ends after 40 of 60 tokens. */
    S08("cut", 40_000),
    /** The stream is silent after 20 tokens. */
    S09("stalled", 70_000),
    /** The tenth event is no JSON. */
    S10("badevent", 30_000),
    /** The event that ends the stream is missing. */
    S11("noterminator", 30_000),
    /** The prompt is too long for the primary. */
    S12("toolong", 20_000),
    /** The content is refused. */
    S13("refused", 20_000),
    /** As S08, and the fallback takes no prefill. */
    S14("cutnoprefill", 40_000),
    /** An outage, with requests before and after its end. */
    S15("outage", 200_000),
    /** Every call to the primary gets a 503, and the response says who answered. */
    S16("attribution", 40_000);

    private final String word;
    private final long maxMillis;

    FailoverScenario(String word, long maxMillis) {
        this.word = word;
        this.maxMillis = maxMillis;
    }

    /** Returns the scenario of a name; empty when there is none. */
    public static Optional<FailoverScenario> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** The longest time that it may take, in milliseconds. */
    public long maxMillis() {
        return maxMillis;
    }

    /** The model that fails. */
    public String primary() {
        return "fb-" + name().toLowerCase(Locale.ROOT) + "-" + word;
    }

    /** The model that does not. */
    public String fallback() {
        return this == S14 ? SubjectSetup.HEALTHY + "-noprefill" : SubjectSetup.HEALTHY;
    }
}
