/** What may be done without a person: approval rules, the readers of shell texts, proposals of rules. */
module dev.architect.planner {
    requires static transitive org.jspecify;
    requires transitive dev.architect.core;

    exports dev.architect.planner.approval;
    exports dev.architect.planner.approval.history;
    exports dev.architect.planner.approval.path;
    exports dev.architect.planner.approval.sample;
    exports dev.architect.planner.approval.shell;
    exports dev.architect.planner.review;
    exports dev.architect.planner.transfer;
}
