package dev.architect.server.review;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Reviews;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.server.live.LiveTopic;
import dev.architect.server.operation.Permission;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The approval rules that people have made, by their ids. */
final class RuleTopic implements LiveTopic {

    private final Reviews reviews;

    RuleTopic(Reviews reviews) {
        this.reviews = reviews;
    }

    @Override
    public Permission permission() {
        return Permission.read("reviews");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        return change.topic() == ChangeTopic.RULE ? Set.copyOf(change.keys()) : Set.of();
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        reviews.rules().stream().limit(MAX_ITEMS).forEach(rule -> all.put(rule.id(), RuleApi.json(rule)));
        return all;
    }

    @Override
    public Optional<Map<String, ObjectNode>> read(Set<String> keys) {
        Map<String, ObjectNode> read = new LinkedHashMap<>();
        keys.forEach(id -> reviews.rule(id).ifPresent(rule -> read.put(id, RuleApi.json(rule))));
        return Optional.of(read);
    }
}
