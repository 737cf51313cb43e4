package dev.architect.provider.http.reading;

import dev.architect.model.RateLimit;
import dev.architect.provider.http.message.ReplyHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads rate limits from a reply's headers, in the forms of Anthropic ({@code
 * anthropic-ratelimit-tokens-remaining}), OpenAI ({@code x-ratelimit-remaining-tokens}) and Perplexity ({@code
 * x-ratelimit-remaining}, of requests). What makes no sense is left out. Not safe for use by several threads.
 */
final class RateLimitReader {

    private static final String ANTHROPIC = "anthropic-ratelimit-";
    private static final String OTHERS = "x-ratelimit-";
    private static final List<String> NAMES = List.of("requests", "tokens", "input-tokens", "output-tokens");
    private static final List<String> FACTS = List.of("limit", "remaining", "reset");
    private static final Duration LONGEST = Duration.ofDays(31);
    // Fifteen digits fit into a long without a check for overflow.
    private static final int MAX_DIGITS = 15;

    private final ReplyHeaders headers;
    private final @Nullable Object[][] found = new @Nullable Object[NAMES.size()][FACTS.size()];

    private RateLimitReader(ReplyHeaders headers) {
        this.headers = headers;
    }

    /** Returns the limits of which at least one fact is known, in the order of {@link RateLimit#name}'s description. */
    static List<RateLimit> read(ReplyHeaders headers) {
        RateLimitReader reader = new RateLimitReader(headers);
        headers.forEach(reader::visit);
        return reader.limits();
    }

    private void visit(String header, String value) {
        if (startsWith(header, ANTHROPIC)) {
            String rest = header.substring(ANTHROPIC.length()).toLowerCase(Locale.ROOT);
            // Anthropic names the limit first, and names such as input-tokens have a dash of their own; OpenAI names
            // the fact first.
            int dash = rest.lastIndexOf('-');
            if (dash > 0) {
                keep(rest.substring(0, dash), rest.substring(dash + 1), value);
            }
        } else if (startsWith(header, OTHERS)) {
            String rest = header.substring(OTHERS.length()).toLowerCase(Locale.ROOT);
            int dash = rest.indexOf('-');
            if (dash < 0) {
                // Perplexity has one limit, of requests, and does not name it.
                keep("requests", rest, value);
            } else {
                keep(rest.substring(dash + 1), rest.substring(0, dash), value);
            }
        }
    }

    private void keep(String name, String fact, String value) {
        int row = NAMES.indexOf(name);
        int column = FACTS.indexOf(fact);
        if (row >= 0 && column >= 0) {
            found[row][column] = (fact.equals("reset") ? reset(value.strip()) : count(value.strip())).orElse(null);
        }
    }

    private List<RateLimit> limits() {
        List<RateLimit> limits = new ArrayList<>();
        for (int row = 0; row < NAMES.size(); row++) {
            @Nullable Object[] facts = found[row];
            if (facts[0] != null || facts[1] != null || facts[2] != null) {
                limits.add(new RateLimit(
                        NAMES.get(row),
                        Optional.ofNullable((Long) facts[0]),
                        Optional.ofNullable((Long) facts[1]),
                        Optional.ofNullable((Duration) facts[2])));
            }
        }
        return limits;
    }

    private static Optional<Long> count(String text) {
        boolean isCount =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return isCount ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    /** An instant is compared with the reply's own date and not with our clock; a bare number counts seconds. */
    private Optional<Duration> reset(String text) {
        // The three forms exclude each other: a bare number, OpenAI's duration such as 6m0s, Anthropic's time.
        Optional<Duration> after = count(text)
                .map(Duration::ofSeconds)
                .or(() -> RetryAfter.sum(text))
                .or(() -> instant(text).flatMap(end -> headers.date("date").map(now -> until(now, end))));
        return after.filter(wait -> wait.compareTo(LONGEST) <= 0);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException notInstant) {
            return Optional.empty();
        }
    }

    /** A limit that was full again before the reply was sent is full. */
    private static Duration until(Instant now, Instant end) {
        return end.isBefore(now) ? Duration.ZERO : Duration.between(now, end);
    }

    private static boolean startsWith(String header, String prefix) {
        return header.regionMatches(true, 0, prefix, 0, prefix.length());
    }
}
