package dev.architect.gateway;

import dev.architect.attempt.AttemptBasis;
import dev.architect.attempt.RouteChoice;
import dev.architect.attempt.RouteChoice.Called;
import dev.architect.attempt.RouteChoice.Chosen;
import dev.architect.attempt.RouteChoice.Skipped;
import dev.architect.cost.LedgerEntry;
import dev.architect.event.Event;
import dev.architect.event.EventListener;
import dev.architect.model.ModelId;
import dev.architect.route.Route;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notes why the requests of an attempt went where they went, the last few of them. A route is read only when the attempt has ended, or when
 * it is asked for. Safe for use by several threads: calls of one request may race each other.
 */
public final class RouteNotes {

    private int requests;
    private final Deque<Request> last = new ArrayDeque<>();

    /** Creates notes without a request. */
    public RouteNotes() {}

    /** What was seen of one request. Guarded by the lock of the notes. */
    private final class Request implements EventListener {
        private @Nullable Route route;
        private @Nullable String id;
        private @Nullable ModelId reused;
        private final List<Called> calls = new ArrayList<>();

        @Override
        public void onEvent(Event event) {
            synchronized (RouteNotes.this) {
                if (event instanceof Event.RouteChosen chosen) {
                    route = chosen.route();
                } else if (event instanceof Event.CallEnded ended) {
                    called(ended.entry());
                } else if (event instanceof Event.AnswerReused answer) {
                    id = answer.requestId();
                    reused = answer.model();
                }
            }
        }

        private void called(LedgerEntry entry) {
            id = entry.origin().requestId();
            if (calls.size() == RouteChoice.MAX_MODELS) {
                // The last ones show how it ended.
                calls.remove(0);
            }
            calls.add(new Called(entry.route().requested(), entry.failure()));
        }

        private Seen seen() {
            return new Seen(route, id, reused, List.copyOf(calls));
        }
    }

    /** What was seen of a request until a moment. */
    private record Seen(
            @Nullable Route route,
            @Nullable String id,
            @Nullable ModelId reused,
            List<Called> calls) {

        private RouteChoice choice() {
            return new RouteChoice(
                    Optional.ofNullable(id),
                    route == null
                            ? List.of()
                            : route.candidates().stream()
                                    .limit(RouteChoice.MAX_MODELS)
                                    .map(each -> new Chosen(each.model(), each.selection(), each.quality()))
                                    .toList(),
                    route == null
                            ? List.of()
                            : route.exclusions().stream()
                                    .limit(RouteChoice.MAX_MODELS)
                                    .map(each -> new Skipped(each.model(), each.code()))
                                    .toList(),
                    calls,
                    Optional.ofNullable(reused));
        }
    }

    /** A request begins; returns what its events are to be given to. */
    public synchronized EventListener begin() {
        requests++;
        if (last.size() == AttemptBasis.MAX_ROUTES) {
            last.removeFirst();
        }
        Request request = new Request();
        last.addLast(request);
        return request;
    }

    /** Returns the basis with the requests so far. */
    public AttemptBasis addTo(AttemptBasis basis) {
        int made;
        List<Seen> seen;
        synchronized (this) {
            made = requests;
            if (made == 0) {
                return basis;
            }
            seen = last.stream().map(Request::seen).toList();
        }
        // Outside the lock: the lists of a route are made when they are first read.
        return basis.withRoutes(made, seen.stream().map(Seen::choice).toList());
    }
}
