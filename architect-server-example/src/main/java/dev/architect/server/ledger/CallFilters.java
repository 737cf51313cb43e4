package dev.architect.server.ledger;

import dev.architect.export.ExportSubject;
import dev.architect.server.rest.ApiException;
import java.time.Instant;
import java.time.ZoneId;

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
}
