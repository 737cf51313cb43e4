package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.CallCharge;
import dev.architect.cost.CallOrigin;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CallRoute;
import dev.architect.cost.CallTiming;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.ReportPeriod;
import dev.architect.cost.SpendDimension;
import dev.architect.error.CapacityException;
import dev.architect.error.StoreException;
import dev.architect.event.ActivityEntry;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportJob;
import dev.architect.export.ExportStore;
import dev.architect.export.ExportSubject;
import dev.architect.filter.Filter;
import dev.architect.filter.InvalidFilterException;
import dev.architect.job.export.Exports;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.LedgerFormat;
import dev.architect.model.Complexity;
import dev.architect.model.ModelId;
import dev.architect.model.StopReason;
import dev.architect.node.NodeRole;
import dev.architect.project.Attribution;
import dev.architect.spend.SpendFilter;
import dev.architect.spi.Store;
import dev.architect.task.TaskRequest;
import dev.architect.testkit.store.FaultyStore;
import dev.architect.testkit.time.ManualTime;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports go on after the end of their process, and their files are there until they expire. */
final class SqliteExportTest {

    private static final NodeRole ROLE = new NodeRole(Exports.ROLE, 1, 1);
    private static final ReportPeriod.Between ALL = new ReportPeriod.Between(
            ManualTime.START.minus(Duration.ofDays(1)), ManualTime.START.plus(Duration.ofDays(1)));

    private final ManualTime time = new ManualTime();

    @TempDir
    Path directory;

    private FaultyStore open() {
        return new FaultyStore(SqliteStore.builder(directory.resolve("architect.db"))
                .time(time)
                .open());
    }

    private Exports exports(Store store) {
        return new Exports(store, time, work -> Optional.empty());
    }

    private static void work(Exports exports) throws InterruptedException {
        exports.work().run(ROLE);
    }

    private static LedgerEntry call(int number) {
        ModelId model = new ModelId("claude", number % 2 == 0 ? "small" : "large");
        return new LedgerEntry(
                "call-" + number,
                new CallOrigin("call-" + number, Optional.empty(), 0, Attribution.DEFAULT),
                new CallRoute(Complexity.SIMPLE, 0, model, model),
                new CallTiming(ManualTime.START.plusMillis(number / 3), Duration.ofMillis(100)),
                CallOutcome.ANSWERED,
                Optional.empty(),
                new Metering(TokenUsage.of(10, 5), UsageSource.REPORTED),
                new CallCharge(
                        Cost.priced(new Money(1_000)), Optional.empty(), Cost.priced(new Money(3_000)), "2026-11-22"),
                Optional.of(StopReason.COMPLETE));
    }

    private static void record(Store store, int count) {
        List<LedgerEntry> calls = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            calls.add(call(i));
        }
        store.ledger().record(calls);
    }

    private static ExportSubject.Calls calls() {
        return new ExportSubject.Calls(SpendFilter.ALL, ALL);
    }

    private static ExportJob accepted(Exports exports, ExportSubject subject, ExportForm form) {
        return exports.accept(exports.prepare(subject, form, "user:ada"));
    }

    private static ExportJob read(Exports exports, ExportJob job) {
        return exports.find(job.id()).orElseThrow();
    }

    /** All parts one after the other, read as one compressed file. */
    private static String file(Exports exports, ExportJob job) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (int number = 0; number < job.progress().parts(); number++) {
            whole.write(exports.part(job, number).orElseThrow());
        }
        assertThat(whole.size()).isEqualTo((int) job.progress().bytes());
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(whole.toByteArray()))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String directly(Store store, LedgerFormat format, SpendFilter filter) throws IOException {
        StringBuilder out = new StringBuilder();
        new Ledger(store.ledger(), time).export(format, filter, ALL, out);
        return out.toString();
    }

    @Test
    void writesTheCallsOfAFilterAsAnExportThatIsSentAtOnceDoes() throws Exception {
        try (Store store = open()) {
            record(store, 12_345);
            Exports exports = exports(store);
            SpendFilter small = SpendFilter.ALL.with(SpendDimension.MODEL, "claude/small");

            ExportJob csv = accepted(exports, calls(), ExportForm.CSV);
            ExportJob json = accepted(exports, new ExportSubject.Calls(small, ALL), ExportForm.JSON_LINES);
            assertThat(csv.state()).isEqualTo(ExportJob.State.WAITING);
            while (!read(exports, json).state().isEnded()) {
                work(exports);
            }

            ExportJob done = read(exports, csv);
            assertThat(done.state()).isEqualTo(ExportJob.State.DONE);
            assertThat(done.progress().rows()).isEqualTo(12_345);
            assertThat(done.total()).contains(12_345L);
            assertThat(done.progress().parts()).isEqualTo(3);
            assertThat(done.expiresAt()).contains(time.wallTime().plus(Exports.KEPT));
            assertThat(file(exports, done)).isEqualTo(directly(store, LedgerFormat.CSV, SpendFilter.ALL));
            assertThat(file(exports, read(exports, json))).isEqualTo(directly(store, LedgerFormat.JSON_LINES, small));
            assertThat(exports.list()).containsExactlyInAnyOrder(done, read(exports, json));
        }
    }

    @Test
    void goesOnAfterTheEndOfItsProcessWithoutALineTwiceOrMissing() throws Exception {
        ExportJob job;
        try (FaultyStore store = open()) {
            record(store, 12_000);
            Exports exports = exports(store);
            job = accepted(exports, calls(), ExportForm.CSV);
            AtomicInteger parts = new AtomicInteger();
            // The second part is kept, and the process ends before it is written down.
            store.set((method, call) -> {
                if (method.equals("write")) {
                    parts.incrementAndGet();
                }
                if (method.equals("writeDocument") && parts.get() == 2) {
                    throw new StoreException(StoreException.Kind.FAILED, "the process has ended", null);
                }
                return call.call();
            });
            assertThatThrownBy(() -> work(exports)).isInstanceOf(StoreException.class);
            store.heal();
            assertThat(read(exports, job).progress().parts()).isOne();
        }
        try (Store store = open()) {
            Exports exports = exports(store);
            while (!read(exports, job).state().isEnded()) {
                work(exports);
            }

            assertThat(file(exports, read(exports, job))).isEqualTo(directly(store, LedgerFormat.CSV, SpendFilter.ALL));
        }
    }

    @Test
    void anEmptyListIsAFileWithItsNames() throws Exception {
        try (Store store = open()) {
            Exports exports = exports(store);
            ExportJob csv = accepted(exports, calls(), ExportForm.CSV);
            ExportJob json = accepted(exports, calls(), ExportForm.JSON_LINES);
            while (!read(exports, json).state().isEnded()) {
                work(exports);
            }

            assertThat(file(exports, read(exports, csv)))
                    .startsWith("callId,requestId,")
                    .hasLineCount(1);
            assertThat(file(exports, read(exports, json))).isEmpty();
        }
    }

    @Test
    void writesTasksWithoutTheirPromptsAndActivities() throws Exception {
        try (Store store = open()) {
            List<TaskRequest> requests = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                requests.add(TaskRequest.of("report", "a secret prompt"));
            }
            store.tasks().submit(requests);
            store.tasks().submit(List.of(TaskRequest.of("other", "a secret prompt")));
            store.activity()
                    .append(List.of(
                            new ActivityEntry(0, time.wallTime(), "task-dead", Optional.empty(), "one, \"two\""),
                            new ActivityEntry(0, time.wallTime(), "node-joined", Optional.empty(), "=1+1")));
            time.advance(Duration.ofSeconds(1));
            Exports exports = exports(store);
            ExportJob tasks = accepted(
                    exports,
                    new ExportSubject.Tasks(Filter.parse("type:report created:-1d"), ZoneOffset.UTC),
                    ExportForm.JSON_LINES);
            ExportJob activity =
                    accepted(exports, new ExportSubject.Activities(Set.of("task-dead", "node-joined")), ExportForm.CSV);
            while (!read(exports, activity).state().isEnded()) {
                work(exports);
            }

            String lines = file(exports, read(exports, tasks));
            assertThat(lines.lines()).hasSize(600).allMatch(line -> line.contains("\"type\":\"report\""));
            assertThat(lines).doesNotContain("secret");
            assertThat(file(exports, read(exports, activity)))
                    .contains("task-dead,,\"one, \"\"two\"\"\"")
                    .contains("node-joined,,'=1+1");
        }
    }

    @Test
    void aFileIsThereUntilItExpiresOrIsDeleted() throws Exception {
        try (Store store = open()) {
            Exports exports = exports(store);
            ExportStore parts = store.exports().orElseThrow();
            ExportJob kept = accepted(exports, calls(), ExportForm.CSV);
            ExportJob deleted = accepted(exports, calls(), ExportForm.CSV);
            while (!read(exports, kept).state().isEnded()
                    || !read(exports, deleted).state().isEnded()) {
                work(exports);
            }

            assertThat(exports.delete(deleted.id())).isTrue();
            assertThat(exports.delete(deleted.id())).isFalse();
            assertThat(exports.find(deleted.id())).isEmpty();
            assertThat(parts.exports()).containsExactly(kept.id());
            time.advance(Exports.KEPT.minusSeconds(1));
            work(exports);
            assertThat(read(exports, kept).state()).isEqualTo(ExportJob.State.DONE);
            time.advance(Duration.ofSeconds(1));
            work(exports);
            assertThat(read(exports, kept).state()).isEqualTo(ExportJob.State.EXPIRED);
            assertThat(parts.exports()).isEmpty();
        }
    }

    @Test
    void oneThatHasNotEndedIsStoppedWithWhatThereIsOfItsFile() throws Exception {
        try (FaultyStore store = open()) {
            record(store, 12_000);
            Exports exports = exports(store);
            ExportJob job = accepted(exports, calls(), ExportForm.CSV);
            AtomicInteger parts = new AtomicInteger();
            store.set((method, call) -> {
                if (method.equals("write") && parts.incrementAndGet() == 2) {
                    throw new StoreException(StoreException.Kind.FAILED, "it takes a while", null);
                }
                return call.call();
            });
            assertThatThrownBy(() -> work(exports)).isInstanceOf(StoreException.class);
            store.heal();
            assertThat(read(exports, job).progress().parts()).isOne();

            ExportJob stopped = exports.stop(job.id()).orElseThrow();

            assertThat(stopped.state()).isEqualTo(ExportJob.State.DELETED);
            assertThat(stopped.endedAt()).contains(time.wallTime());
            assertThat(exports.find(job.id())).isEmpty();
            assertThat(exports.stop(job.id())).isEmpty();
            assertThat(store.exports().orElseThrow().exports()).isEmpty();
            ExportJob whole = accepted(exports, calls(), ExportForm.CSV);
            while (!read(exports, whole).state().isEnded()) {
                work(exports);
            }
            assertThat(exports.stop(whole.id())).contains(read(exports, whole));
            assertThat(read(exports, whole).state()).isEqualTo(ExportJob.State.DONE);
        }
    }

    @Test
    void deletesPartsThatNoExportHas() throws Exception {
        try (Store store = open()) {
            Exports exports = exports(store);
            ExportJob job = accepted(exports, calls(), ExportForm.CSV);
            store.exports().orElseThrow().write("left", 0, new byte[] {1});

            work(exports);

            assertThat(store.exports().orElseThrow().exports()).containsExactly(job.id());
        }
    }

    @Test
    void takesAsManyFilesAsMayBe() {
        try (Store store = open()) {
            Exports exports = exports(store);
            ExportJob first = accepted(exports, calls(), ExportForm.CSV);
            for (int i = 1; i < 20; i++) {
                accepted(exports, calls(), ExportForm.CSV);
            }

            assertThatThrownBy(() -> accepted(exports, calls(), ExportForm.CSV))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("20");
            exports.delete(first.id());
            assertThat(accepted(exports, calls(), ExportForm.CSV).state()).isEqualTo(ExportJob.State.WAITING);
            assertThat(exports.list()).hasSize(20);
        }
    }

    @Test
    void refusesAFilterThatAsksForWhatThereIsNot() {
        try (Store store = open()) {
            Exports exports = exports(store);
            ExportSubject unknown = new ExportSubject.Tasks(Filter.parse("label:x"), ZoneOffset.UTC);

            assertThatThrownBy(() -> exports.prepare(unknown, ExportForm.CSV, "user:ada"))
                    .isInstanceOf(InvalidFilterException.class);
            assertThat(exports.list()).isEmpty();
        }
    }
}
