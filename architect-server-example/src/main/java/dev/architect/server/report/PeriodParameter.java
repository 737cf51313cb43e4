package dev.architect.server.report;

import dev.architect.cost.ReportPeriod;
import dev.architect.server.rest.QueryParameters;
import java.time.Duration;

/** Reads the query parameter {@code period}. */
public final class PeriodParameter {

    /** The current day in UTC. */
    public static final String TODAY = "today";

    private PeriodParameter() {}

    /** Returns the period of that word, or throws the error to respond with. */
    public static ReportPeriod parse(String word) {
        return switch (word) {
            case TODAY -> ReportPeriod.today();
            case "all" -> ReportPeriod.all();
            case "1h" -> ReportPeriod.last(Duration.ofHours(1));
            case "24h" -> ReportPeriod.last(Duration.ofHours(24));
            case "7d" -> ReportPeriod.last(Duration.ofDays(7));
            case "30d" -> ReportPeriod.last(Duration.ofDays(30));
            default -> throw QueryParameters.invalid("period", word, "one of today, 1h, 24h, 7d, 30d, all");
        };
    }
}
