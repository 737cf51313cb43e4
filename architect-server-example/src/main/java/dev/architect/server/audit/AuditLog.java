package dev.architect.server.audit;

import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditRecord;
import dev.architect.audit.AuditStore;
import dev.architect.audit.AuditTail;
import dev.architect.error.StoreException;
import dev.architect.server.access.AccessFilter;
import dev.architect.server.access.Principal;
import dev.architect.server.network.ProxyTrust;
import dev.architect.server.operation.Operation;
import dev.architect.server.operation.Permission;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.RequestNumber;
import dev.architect.spi.TimeSource;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in the audit what was done, and what was refused for lack of a permission, before the caller gets the answer. Requests that end at
 * the same time share a write. While the store fails, records wait here, at most {@value #MOST_WAITING}, and are written with the next one.
 * Safe for use by several threads.
 */
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MOST_WAITING = 10_000;
    private static final int MAX_THING = 200;
    private static final int MAX_ADDRESS = 64;
    private static final int MAX_REQUEST_ID = 100;
    private static final String THING = "architect.audit.thing";

    private final Optional<AuditStore> store;
    private final ProxyTrust proxies;
    private final TimeSource time;
    private final Consumer<AuditTail> onWritten;
    private final Deque<AuditRecord> waiting = new ArrayDeque<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** Creates the log; without a store it does nothing. {@code onWritten} is told where the chain ends, by one thread at a time. */
    public AuditLog(Optional<AuditStore> store, ProxyTrust proxies, TimeSource time, Consumer<AuditTail> onWritten) {
        this.store = store;
        this.proxies = proxies;
        this.time = time;
        this.onWritten = onWritten;
    }

    /** Names what a request is about, where its path does not. Never a secret. */
    public static void about(Context request, String thing) {
        request.attribute(THING, thing);
    }

    /** Whether the use of an operation is recorded: where it may change something. What calls of models cost stands in the ledger. */
    public static boolean isRecorded(Operation operation) {
        return !operation.method().equals(HandlerType.GET)
                && !operation.permission().name().endsWith(":r")
                && !operation.permission().area().equals("gateway");
    }

    /** Returns a handler that first asks {@code access} and then does what {@code operation} does, and records both. */
    public Handler recording(Operation operation, AccessFilter access) {
        boolean isRecorded = store.isPresent() && isRecorded(operation);
        Permission permission = operation.permission();
        boolean isPublic = permission.access() == Permission.Access.PUBLIC;
        return request -> {
            try {
                access.permit(request, permission);
            } catch (ApiException refusal) {
                // Who reads without the permission is of interest as well.
                if (store.isPresent()) {
                    record(request, operation, AuditOutcome.REFUSED, refusal.status());
                }
                throw refusal;
            }
            try {
                operation.handler().handle(request);
            } catch (ApiException failure) {
                // Anybody can be refused as often as they like where no login is needed.
                if (isRecorded && AccessFilter.known(request).isPresent()) {
                    record(request, operation, AuditOutcome.FAILED, failure.status());
                }
                throw failure;
            } catch (Exception failure) {
                if (isRecorded) {
                    record(request, operation, AuditOutcome.FAILED, 500);
                }
                throw failure;
            }
            // The same for what anybody may do as often: a login is recorded once it is known whose it is.
            if (isRecorded && (!isPublic || AccessFilter.known(request).isPresent())) {
                record(request, operation, AuditOutcome.DONE, request.statusCode());
            }
        };
    }

    private void record(Context request, Operation operation, AuditOutcome outcome, int status) {
        String about = request.attribute(THING);
        record(new AuditRecord(
                time.wallTime(),
                AccessFilter.known(request).map(Principal::actor).orElse("anonymous"),
                operation.auditName(),
                cut(about == null ? String.join("/", request.pathParamMap().values()) : about, MAX_THING),
                outcome,
                status,
                cut(RequestNumber.of(request), MAX_REQUEST_ID),
                cut(proxies.clientAddress(request), MAX_ADDRESS)));
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }

    /** Adds a record, and returns when it is durable or the store fails. */
    public void record(AuditRecord record) {
        if (store.isEmpty()) {
            return;
        }
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                LOG.error("the audit lacks a record: {} others wait for the store", waiting.size());
                return;
            }
            waiting.add(record);
        }
        // Held during the write: a thread that waits for it finds its record written by the one before, together with
        // those
        // of others.
        writing.lock();
        try {
            List<AuditRecord> batch = next();
            if (!batch.isEmpty()) {
                write(batch);
            }
        } finally {
            writing.unlock();
        }
    }

    private List<AuditRecord> next() {
        synchronized (waiting) {
            List<AuditRecord> batch = new ArrayList<>();
            while (!waiting.isEmpty() && batch.size() < AuditStore.MOST) {
                batch.add(waiting.remove());
            }
            return batch;
        }
    }

    private void write(List<AuditRecord> batch) {
        try {
            onWritten.accept(store.orElseThrow().append(batch));
        } catch (StoreException failure) {
            LOG.error("{} records of the audit wait: {}", batch.size(), failure.getMessage());
            synchronized (waiting) {
                for (int i = batch.size() - 1; i >= 0; i--) {
                    waiting.addFirst(batch.get(i));
                }
            }
        }
    }
}
