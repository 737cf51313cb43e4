package dev.architect.testkit.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.LedgerEntry;
import dev.architect.model.FailureKind;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.Store;
import dev.architect.testkit.store.node.StoreHandles;
import dev.architect.testkit.time.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls that are found by their id, and by that of their request. */
public abstract class StoreLookupCases {

    /** What no database column of text holds as it is, and what patterns and JSON use. */
    private static final String ODD = "a\u0000b\ud83d\udcca \ud83d %_'\"\\\n\ufdd0 ä";

    private final StoreHandles handles;
    private final ManualTime time = new ManualTime();
    private @Nullable Store open;
    private @Nullable Store other;

    /** Creates the cases for one store. */
    protected StoreLookupCases(StoreHandles handles) {
        this.handles = handles;
    }

    @BeforeEach
    void openStore() throws Exception {
        open = handles.open(time);
    }

    @AfterEach
    void closeStore() {
        if (other != null) {
            other.close();
        }
        if (open != null) {
            open.close();
        }
    }

    private Store store() {
        if (open == null) {
            throw new IllegalStateException("store is not open, expected open");
        }
        return open;
    }

    private LedgerStore ledger() {
        return store().ledger();
    }

    private static CallFixture call(String id) {
        return new CallFixture(id);
    }

    private List<String> ofRequest(String request) {
        return ledger().ofRequest(request).stream().map(LedgerEntry::callId).toList();
    }

    @Test
    void findsACallByItsIdAmongThoseOfAllMonths() throws Exception {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int month = 0; month < 6; month++) {
            Instant begin = ManualTime.START.plus(Duration.ofDays(31L * month));
            // Their ends are the same, and so are the ids but for one character.
            calls.add(call("7f" + month + "e0123456789abcdef").at(begin).entry());
            calls.add(call("8f" + month + "e0123456789abcdef").at(begin).entry());
        }
        ledger().record(calls);
        other = handles.openAnother(store(), time);

        for (LedgerEntry each : calls) {
            assertThat(ledger().call(each.callId())).contains(each);
            assertThat(other.ledger().call(each.callId())).contains(each);
        }
        assertThat(ledger().call("9f0e0123456789abcdef")).isEmpty();
    }

    @Test
    void findsAnIdThatIsShorterThanOthers() {
        ledger().record(List.of(
                call("a").entry(), call("ba").entry(), call("cba").entry()));

        assertThat(ledger().call("a").map(LedgerEntry::callId)).contains("a");
        assertThat(ledger().call("cba").map(LedgerEntry::callId)).contains("cba");
        assertThat(ledger().call("A")).isEmpty();
    }

    @Test
    void findsNothingForWhatIsNoId() {
        ledger().record(List.of(call("a").entry()));

        for (String id : List.of("", " ", "%", "a%", "_", ODD, "x".repeat(10_000))) {
            assertThat(ledger().call(id)).isEqualTo(Optional.empty());
            assertThat(ledger().ofRequest(id)).isEmpty();
        }
    }

    @Test
    void listsTheCallsOfARequestInTheOrderOfTheirBegin() {
        Instant begin = ManualTime.START;
        Attribution apollo = Attribution.of(new ProjectId("apollo"));
        ledger().record(List.of(
                call("last")
                        .request("first")
                        .attribution(apollo)
                        .position(1)
                        .at(begin.plusMillis(20))
                        .entry(),
                // Sent once more to the same model.
                call("again")
                        .request("first")
                        .attribution(apollo)
                        .failed(FailureKind.OVERLOADED)
                        .at(begin.plusMillis(10))
                        .entry(),
                call("first")
                        .request("first")
                        .attribution(apollo)
                        .failed(FailureKind.OVERLOADED)
                        .at(begin)
                        .entry(),
                call("answered-again")
                        .request("first")
                        .attribution(apollo)
                        .at(begin.plusMillis(10))
                        .entry(),
                call("alone").request("alone").entry(),
                call("foreign").request("other").entry()));

        assertThat(ofRequest("first")).containsExactly("first", "again", "answered-again", "last");
        assertThat(ofRequest("alone")).containsExactly("alone");
        assertThat(ofRequest("other")).containsExactly("foreign");
        // The id of a call that is not the first one is not that of its request.
        assertThat(ofRequest("last")).isEmpty();
        assertThat(ofRequest("foreign")).isEmpty();
        assertThat(ledger().call("last").map(call -> call.origin().requestId())).contains("first");
    }

    @Test
    void callsAtOneTimeStandInTheOrderOfTheirPlaces() {
        ledger().record(List.of(
                call("c").request("r").position(1).entry(),
                call("a").request("r").position(2).entry(),
                call("b").request("r").position(1).entry(),
                call("r").request("r").failed(FailureKind.TIMEOUT).entry()));

        assertThat(ofRequest("r")).containsExactly("r", "b", "c", "a");
    }
}
