package dev.architect.server.ledger;

import dev.architect.export.ExportSubject;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.EnumWords;
import dev.architect.spend.SpendFilter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Filters of calls that stand in the bodies of requests. */
public final class CallFilters {

    private CallFilters() {}

    /**
     * Returns the calls that a filter means, those of all time when it names none.
     *
     * @param field where the filter stands in the body
     * @param now what times such as {@code -7d} are before
     * @throws ApiException 400 when the filter asks for what there is not
     */
    public static ExportSubject.Calls read(String field, String filter, ZoneId zone, Instant now) {
        try {
            LedgerParameters parameters = new LedgerParameters(filter, zone, now);
            return new ExportSubject.Calls(
                    parameters.filter(), parameters.period().resolve(now));
        } catch (ApiException wrong) {
            throw new ApiException(wrong.status(), wrong.code(), String.valueOf(wrong.getMessage()), field, null);
        }
    }

    /** Returns the conditions of a filter as text, in the form in which they are asked for. */
    public static String text(SpendFilter filter) {
        List<String> terms = new ArrayList<>();
        filter.values().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> terms.add(LedgerParameters.name(each.getKey()) + ":"
                        + quoted(LedgerView.group(each.getKey(), each.getValue()))));
        filter.task().ifPresent(task -> terms.add("task:" + task));
        filter.failure().ifPresent(failure -> terms.add("failure:" + EnumWords.of(failure)));
        filter.tags().forEach((name, value) -> terms.add("tag:" + quoted(name + "=" + value)));
        return String.join(" ", terms);
    }

    private static String quoted(String value) {
        return value.matches("[^\\s,\"]+") ? value : "\"" + value.replace("\"", "\\\"") + "\"";
    }
}
