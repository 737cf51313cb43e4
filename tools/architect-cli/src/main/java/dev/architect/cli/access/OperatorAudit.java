package dev.architect.cli.access;

import dev.architect.Architect;
import dev.architect.access.AccessStore;
import dev.architect.audit.AuditOutcome;
import dev.architect.audit.AuditRecord;
import dev.architect.cli.terminal.CommandFailure;
import dev.architect.spi.TimeSource;
import java.util.List;

/** What the commands have in common: the users of a store, and a record of each change. */
final class OperatorAudit {

    private OperatorAudit() {}

    static AccessStore users(Architect architect) {
        return architect
                .access()
                .orElseThrow(() -> new CommandFailure("the store keeps no users, expected SQLite or PostgreSQL"));
    }

    /** Records that the operator of this machine did something. */
    static void done(Architect architect, String operation, String thing) {
        architect
                .audit()
                .ifPresent(audit -> audit.append(List.of(new AuditRecord(
                        TimeSource.system().wallTime(), "operator", operation, thing, AuditOutcome.DONE, 0, "", ""))));
    }
}
