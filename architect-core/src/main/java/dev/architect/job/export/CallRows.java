package dev.architect.job.export;

import dev.architect.cost.CallCounts;
import dev.architect.cost.GroupSpend;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.SpendDimension;
import dev.architect.export.ExportForm;
import dev.architect.export.ExportSubject;
import dev.architect.ledger.Ledger;
import dev.architect.ledger.LedgerFormat;
import dev.architect.spend.LedgerPosition;
import dev.architect.spi.LedgerStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The calls of a ledger, in the order of their begin. */
final class CallRows implements RowSource {

    private static final int PAGE = 5_000;
    private static final String SEPARATOR = " ";

    private final LedgerStore ledger;
    private final ExportSubject.Calls calls;
    private final LedgerFormat format;

    CallRows(LedgerStore ledger, ExportSubject.Calls calls, ExportForm form) {
        this.ledger = ledger;
        this.calls = calls;
        this.format = switch (form) {
            case CSV -> LedgerFormat.CSV;
            case JSON_LINES -> LedgerFormat.JSON_LINES;
        };
    }

    @Override
    public Optional<Long> total() {
        return Optional.of(ledger.spendBy(SpendDimension.OUTCOME, calls.filter(), calls.period()).stream()
                .map(GroupSpend::calls)
                .mapToLong(CallCounts::all)
                .sum());
    }

    @Override
    public Chunk write(Optional<String> cursor, Appendable out) throws IOException {
        List<LedgerEntry> page = ledger.page(calls.filter(), calls.period(), cursor.map(CallRows::position), PAGE);
        Ledger.write(format, cursor.isEmpty(), page, out);
        return new Chunk(
                page.size(),
                page.size() < PAGE ? Optional.empty() : Optional.of(text(LedgerPosition.after(page.get(PAGE - 1)))));
    }

    private static String text(LedgerPosition position) {
        return position.startedAt() + SEPARATOR + position.callId();
    }

    private static LedgerPosition position(String text) {
        int separator = text.indexOf(SEPARATOR);
        return new LedgerPosition(Instant.parse(text.substring(0, separator)), text.substring(separator + 1));
    }
}
