package dev.architect.server.export;

import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.job.export.Exports;
import dev.architect.server.rest.ApiException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the file of an export, part by part, as it is kept to clients that take gzip. */
final class ExportContent {

    private static final Logger LOG = LoggerFactory.getLogger(ExportContent.class);

    private final Exports exports;
    private final ExportJob job;

    ExportContent(Exports exports, ExportJob job) {
        this.exports = exports;
        this.job = job;
    }

    void write(Context request) throws IOException {
        switch (job.state()) {
            case DONE -> {}
            case WAITING, RUNNING ->
                throw new ApiException(
                        409, "wrong-state", "the export is being written, expected one that is done", null, null);
            case FAILED, EXPIRED, DELETED ->
                throw ApiException.notFound("the export has no file, expected one that is done and not older than "
                        + Exports.KEPT.toHours() + " hours");
        }
        // Before anything is sent: whoever deletes it now is told of in time.
        byte[] first =
                part(0).orElseThrow(() -> ApiException.notFound("the file was deleted, expected one that is there"));
        HttpServletResponse response = request.res();
        boolean isCsv = job.form() == ExportForm.CSV;
        response.setContentType(isCsv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8");
        response.setHeader(
                "Content-Disposition",
                "attachment; filename=\"" + name() + "-" + job.id() + (isCsv ? ".csv\"" : ".jsonl\""));
        boolean isZipped = takesGzip(request);
        response.setHeader("Vary", "Accept-Encoding");
        if (isZipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        if (request.method().equals(HandlerType.HEAD)) {
            return;
        }
        try {
            OutputStream out = response.getOutputStream();
            send(first, out, isZipped);
            for (int number = 1; number < job.progress().parts(); number++) {
                int wanted = number;
                send(part(number).orElseThrow(() -> new IOException("part " + wanted + " was deleted")), out, isZipped);
            }
            out.flush();
        } catch (IOException | RuntimeException failure) {
            // The client has the begin of the file, and must not take it for the whole.
            LOG.warn("a download of export {} broke off: {}", job.id(), failure.getMessage());
            ServletContextRequest.getServletContextRequest(request.req())
                    .getServletChannel()
                    .abort(failure);
        }
    }

    private Optional<byte[]> part(int number) {
        return exports.part(job, number);
    }

    private String name() {
        return job.subject().fold(calls -> "calls", tasks -> "tasks", activities -> "activity");
    }

    /** Whether the client has said so; one that has said nothing gets the file as it is meant. */
    private static boolean takesGzip(Context request) {
        String stated = request.header("Accept-Encoding");
        return stated != null
                && stated.toLowerCase(Locale.ROOT).matches("(?:.*[,\\s])?gzip(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$)).*");
    }

    private static void send(byte[] part, OutputStream out, boolean isZipped) throws IOException {
        if (isZipped) {
            out.write(part);
            return;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(part))) {
            in.transferTo(out);
        }
    }
}
