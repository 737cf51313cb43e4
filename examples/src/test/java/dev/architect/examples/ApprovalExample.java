package dev.architect.examples;

import dev.architect.Architect;
import dev.architect.planner.approval.Action;
import dev.architect.planner.approval.ApprovalPolicy;
import dev.architect.planner.approval.Approvals;
import dev.architect.planner.approval.Context;
import dev.architect.planner.approval.Decision;
import dev.architect.planner.approval.path.LinkReader;
import dev.architect.planner.review.ActionContents;
import dev.architect.planner.review.ApprovalGate;
import dev.architect.planner.review.ReviewedStart;
import dev.architect.planner.review.StoredApprovals;
import dev.architect.review.ReviewRequester;
import dev.architect.spi.TimeSource;
import dev.architect.task.TaskId;

/** The examples of {@code docs/how-to/approve-work.md}. */
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

    static ReviewedStart ask(
            Architect architect,
            ApprovalPolicy policy,
            Action action,
            Context context,
            TaskId id,
            long epoch,
            String diff) {
        StoredApprovals approvals = new StoredApprovals(architect.reviews(), policy);
        ApprovalGate gate = new ApprovalGate(
                architect.reviews(),
                approvals,
                LinkReader.ofFileSystem(),
                ActionContents.ofFileSystem(),
                TimeSource.system());

        ReviewRequester requester = ReviewRequester.named("agent:builder").withTask(id, epoch);
        ReviewedStart start = gate.start(action, context, requester, review -> review.preview(diff));
        return start;
    }
}
