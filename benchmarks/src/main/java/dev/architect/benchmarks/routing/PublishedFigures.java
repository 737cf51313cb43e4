package dev.architect.benchmarks.routing;

import java.util.List;

/** What RouteLLM published (arXiv 2406.18665, read 2026-11-28): GPT-4 1106 and Mixtral 8x7B; MMLU of all 57 subjects. */
final class PublishedFigures {

    private PublishedFigures() {}

    static void addTo(RoutingTable table, List<OutcomeSet> sets) {
        for (OutcomeSet set : sets) {
            if (set.name().equals("gsm8k")) {
                table.published("gsm8k", "RouteLLM, causal LLM, judged", 0.622, 33.64, 63.26);
                table.published("gsm8k", "RouteLLM, similarity, judged", 0.568, 41.21, 72.20);
                table.published("gsm8k", "RouteLLM, matrix, judged", 0.565, 38.82, 72.62);
                table.published("gsm8k", "RouteLLM, BERT, judged", 0.531, 44.76, 79.09);
            } else if (set.name().equals("mmlu")) {
                table.published("mmlu, 57 subjects", "RouteLLM, similarity, labelled", 0.603, 35.40, 71.55);
                table.published("mmlu, 57 subjects", "RouteLLM, causal LLM, labelled", 0.600, 35.49, 70.31);
                table.published("mmlu, 57 subjects", "RouteLLM, matrix, labelled", 0.597, 35.46, 71.40);
                table.published("mmlu, 57 subjects", "RouteLLM, BERT, labelled", 0.572, 41.30, 72.20);
            }
        }
    }
}
