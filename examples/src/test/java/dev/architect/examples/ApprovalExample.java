package dev.architect.examples;

import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.spi.TimeSource;

/** The example of {@code docs/how-to/approve-work.md}. */
final class ApprovalExample {

    private ApprovalExample() {}

    static Decision decide() {
        ApprovalPolicy policy = ApprovalPolicy.standard("/srv/app", "/home/agent");
        Approvals approvals = Approvals.of(policy);
        Context context = Context.builder("/srv/app", TimeSource.system().wallTime())
                .links(LinkReader.ofFileSystem())
                .requester("agent:builder")
                .build();

        Decision decision = approvals.decide(new Action.Shell("git log --oneline | head -n 5"), context);
        return decision;
    }
}
