package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.failover.subject.AskForm;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectSetup;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The sixteen scenarios of the public Failover Bench (methodology v0.1), and further ones of our own, with the longest time that a
 * request may take.
 */
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
    S16("attribution", 40_000),
    /** An event in the middle of every stream is a rate limit. */
    X01("eventlimited", 20_000, AskForm.STREAMED),
    /** Every call gets an error with a status of success. */
    X02("errorwithin200", 20_000, AskForm.STREAMED),
    /** One of two keys of a provider is refused. */
    X03("twokeys", 20_000, AskForm.TWO_KEYS),
    /** Every call gets a 529. */
    X04("overloaded", 40_000, AskForm.STREAMED),
    /** The first call gets a 429 with a date, of a server whose clock is an hour behind. */
    X05_DATE("date", 20_000, AskForm.STREAMED),
    /** The first call gets a 429 with milliseconds, and with seconds that do not fit them. */
    X05_MS("ms", 20_000, AskForm.STREAMED),
    /** Every call gets a 429 for a day. */
    X05_DAY("day", 20_000, AskForm.STREAMED),
    /** The first call gets a 429 with a time in the past. */
    X05_NEGATIVE("negative", 20_000, AskForm.STREAMED),
    /** The stream ends in the arguments of a tool call. */
    X06("cutarguments", 40_000, AskForm.WITH_TOOL),
    /** No usage is reported. */
    X07("nousage", 20_000, AskForm.STREAMED),
    /** A hundred streams at once are cut. */
    X08("cutcrowd", 60_000, AskForm.NUMBERED),
    /** The caller leaves while the fallback goes on with the answer. */
    X09("cutandleft", 20_000, AskForm.LEAVING),
    /** Primary and fallback share one quota, which is used up for two seconds. */
    X10("sharedquota", 20_000, AskForm.STREAMED),
    /** A whole answer is cut after three fifths of its bytes. */
    W08("cut", 40_000, AskForm.WHOLE),
    /** A whole answer has a head, and then nothing. */
    W09("stalled", 70_000, AskForm.WHOLE),
    /** A whole answer is half of its JSON, and then something else. */
    W10("badbody", 30_000, AskForm.WHOLE);

    /** Those of the public benchmark. */
    public static final List<FailoverScenario> PUBLISHED =
            Arrays.stream(values()).filter(FailoverScenario::isPublished).toList();

    /** Our own. */
    public static final List<FailoverScenario> FURTHER =
            Arrays.stream(values()).filter(each -> !each.isPublished()).toList();

    private static final String SHARED = "fb-x10-other";

    private final String word;
    private final long maxMillis;
    private final AskForm form;

    FailoverScenario(String word, long maxMillis) {
        this(word, maxMillis, AskForm.STREAMED);
    }

    FailoverScenario(String word, long maxMillis, AskForm form) {
        this.word = word;
        this.maxMillis = maxMillis;
        this.form = form;
    }

    /** Returns the scenario of a name; empty when there is none. */
    public static Optional<FailoverScenario> named(String name) {
        return Arrays.stream(values())
                .filter(each -> each.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** Whether the public benchmark has it. */
    public boolean isPublished() {
        return name().startsWith("S");
    }

    /** Whether it is one for this client: our own ones need what others have no settings for. */
    public boolean isFor(SubjectKind subject) {
        boolean isOurs = subject.name().startsWith("architect");
        return isPublished()
                || (isOurs && (form != AskForm.TWO_KEYS || subject.name().equals("architect-two-providers")));
    }

    /** The longest time that it may take, in milliseconds. */
    public long maxMillis() {
        return maxMillis;
    }

    /** How a client asks. */
    public AskForm form() {
        return form;
    }

    /** The model that fails. A whole answer fails as the stream of the same number does. */
    public String primary() {
        String number = name().substring(0, 3).toLowerCase(Locale.ROOT).replace('w', 's');
        return "fb-" + number + "-" + word;
    }

    /** The model that does not. */
    public String fallback() {
        return switch (this) {
            case S14 -> SubjectSetup.HEALTHY + "-noprefill";
            case X10 -> SHARED;
            default -> SubjectSetup.HEALTHY;
        };
    }
}
