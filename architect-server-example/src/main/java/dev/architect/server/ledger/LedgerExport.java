package dev.architect.server.ledger;

import dev.architect.Architect;
import dev.architect.cost.ReportPeriod;
import dev.architect.ledger.LedgerFormat;
import dev.architect.server.rest.QueryParameters;
import dev.architect.spend.SpendFilter;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the calls of the ledger as they are read: neither the server nor the store holds more than a page of them. */
final class LedgerExport {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerExport.class);
    static final String FORMAT = "format";

    private final Architect architect;

    LedgerExport(Architect architect) {
        this.architect = architect;
    }

    void export(Context request) throws IOException {
        LedgerParameters parameters = new LedgerParameters(request, Set.of(FORMAT));
        String word = parameters.query().text(FORMAT).orElse("csv");
        LedgerFormat format = switch (word) {
            case "csv" -> LedgerFormat.CSV;
            case "jsonl" -> LedgerFormat.JSON_LINES;
            default -> throw QueryParameters.invalid(FORMAT, word, "csv or jsonl");
        };
        SpendFilter filter = parameters.filter();
        ReportPeriod period = parameters.period();
        HttpServletResponse response = request.res();
        response.setContentType(
                format == LedgerFormat.CSV ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"ledger." + word + "\"");
        if (request.method().equals(HandlerType.HEAD)) {
            return;
        }
        Writer out = new BufferedWriter(new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
        try {
            architect.ledger().export(format, filter, period, out);
            out.flush();
        } catch (IOException | RuntimeException failure) {
            end(request, failure);
        }
    }

    /** Nothing more can be said to a client that has got the begin of the file, but that it is not whole: the connection breaks off. */
    private static void end(Context request, Exception failure) throws IOException {
        HttpServletResponse response = request.res();
        if (response.isCommitted()) {
            LOG.warn("an export broke off: {}", failure.getMessage());
            ServletContextRequest.getServletContextRequest(request.req())
                    .getServletChannel()
                    .abort(failure);
            return;
        }
        response.resetBuffer();
        response.setHeader("Content-Disposition", null);
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        throw (IOException) failure;
    }
}
