package dev.architect.server.api;

import dev.architect.cost.Period;
import dev.architect.server.json.Query;
import java.time.Duration;

/** Periods by the words that requests use. */
public final class Periods {

    /** The current day in UTC. */
    public static final String TODAY = "today";

    private Periods() {}

    /** Returns the period of that word, or throws what to answer. */
    public static Period of(String word) {
        return switch (word) {
            case TODAY -> Period.today();
            case "all" -> Period.all();
            case "1h" -> Period.last(Duration.ofHours(1));
            case "24h" -> Period.last(Duration.ofHours(24));
            case "7d" -> Period.last(Duration.ofDays(7));
            case "30d" -> Period.last(Duration.ofDays(30));
            default -> throw Query.invalid("period", word, "one of today, 1h, 24h, 7d, 30d, all");
        };
    }
}
