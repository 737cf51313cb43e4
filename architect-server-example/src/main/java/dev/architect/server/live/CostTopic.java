package dev.architect.server.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.Architect;
import dev.architect.change.ChangeTopic;
import dev.architect.change.RecordedChange;
import dev.architect.cost.ReportPeriod;
import dev.architect.server.operation.Permission;
import dev.architect.server.report.BudgetApi;
import dev.architect.server.report.PeriodParameter;
import dev.architect.server.report.SpendView;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is spent: today, under the key {@code today}, and of each budget, under {@code budget:} and its name. */
final class CostTopic implements LiveTopic {

    private static final String TODAY = PeriodParameter.TODAY;
    private static final String BUDGET = "budget:";

    private final Architect architect;

    CostTopic(Architect architect) {
        this.architect = architect;
    }

    @Override
    public Permission permission() {
        return Permission.read("costs");
    }

    @Override
    public Set<String> keys(RecordedChange change) {
        Set<String> keys = new LinkedHashSet<>();
        if (change.topic() == ChangeTopic.CALL) {
            keys.add(TODAY);
        } else if (change.topic() == ChangeTopic.BUDGET) {
            change.keys().forEach(name -> keys.add(BUDGET + name));
        }
        return keys;
    }

    @Override
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        all.put(TODAY, SpendView.summary(TODAY, architect.ledger().spend(ReportPeriod.today()), List.of()));
        architect.budgets().states().stream()
                .limit(MAX_ITEMS - 1)
                .forEach(state -> all.put(BUDGET + state.budget().name(), BudgetApi.json(state)));
        return all;
    }
}
