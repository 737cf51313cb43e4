/** Values, SPI, task engine and ledger of Architect. */
module dev.architect.core {
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports dev.architect;
    exports dev.architect.access;
    exports dev.architect.answer;
    exports dev.architect.attempt;
    exports dev.architect.audit;
    exports dev.architect.budget;
    exports dev.architect.chat;
    exports dev.architect.choice;
    exports dev.architect.cost;
    exports dev.architect.embedding;
    exports dev.architect.error;
    exports dev.architect.event;
    exports dev.architect.factory;
    exports dev.architect.filter;
    exports dev.architect.graph;
    exports dev.architect.job;
    exports dev.architect.json;
    exports dev.architect.lane;
    exports dev.architect.ledger;
    exports dev.architect.maintenance;
    exports dev.architect.model;
    exports dev.architect.node;
    exports dev.architect.project;
    exports dev.architect.project.board;
    exports dev.architect.project.item;
    exports dev.architect.project.milestone;
    exports dev.architect.project.rule;
    exports dev.architect.project.store;
    exports dev.architect.prompt;
    exports dev.architect.quota;
    exports dev.architect.record;
    exports dev.architect.recurring;
    exports dev.architect.request;
    exports dev.architect.review;
    exports dev.architect.route;
    exports dev.architect.shard;
    exports dev.architect.spend;
    exports dev.architect.spi;
    exports dev.architect.step;
    exports dev.architect.submission;
    exports dev.architect.task;
    exports dev.architect.thread;
    exports dev.architect.usage;
}
