package dev.architect.planner.approval;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found about the parts of one action; the strictest counts, and of several the first gives part and reason. Used by one thread. */
final class Findings {

    private static final int MAX_PART = 300;

    private final Set<String> rules = new LinkedHashSet<>();
    private Verdict verdict = Verdict.ALLOW;
    private @Nullable String part;
    private String reason = "";
    private boolean isChange;

    void add(Verdict found, @Nullable String rule, String about, String why) {
        if (found.ordinal() < verdict.ordinal()) {
            return;
        }
        if (found != verdict) {
            rules.clear();
            verdict = found;
            part = null;
        }
        if (part == null) {
            part = about;
            reason = why;
        }
        if (rule != null) {
            rules.add(rule);
        }
    }

    void ask(String about, String why) {
        add(Verdict.ASK, null, about, why);
    }

    void addAll(Findings others) {
        isChange |= others.isChange;
        if (others.part != null) {
            add(others.verdict, null, others.part, others.reason);
            if (others.verdict == verdict) {
                rules.addAll(others.rules);
            }
        }
    }

    /** Records that something is changed, or leaves the machine. */
    void change() {
        isChange = true;
    }

    boolean isChange() {
        return isChange;
    }

    Verdict verdict() {
        return verdict;
    }

    /** Returns the decision; {@code whole} is the part when all parts are allowed. */
    Decision decision(String whole) {
        String about = verdict == Verdict.ALLOW || part == null ? whole : part;
        String shown = about.length() <= MAX_PART ? about : about.substring(0, MAX_PART) + "…";
        return new Decision(verdict, List.copyOf(rules), shown, reason);
    }
}
