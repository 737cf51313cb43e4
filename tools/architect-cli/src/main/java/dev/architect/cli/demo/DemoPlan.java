package dev.architect.cli.demo;

import dev.architect.simulator.script.RecordedAnswers;
import dev.architect.task.TaskRequest;
import java.util.List;

/**
 * What the demo does.
 *
 * @param tasks the work, in order
 * @param tasksPerSecond how fast it is submitted
 * @param answers recorded answers of real models; empty when the answers are invented
 */
record DemoPlan(List<TaskRequest> tasks, int tasksPerSecond, RecordedAnswers answers) {

    /** The outage begins when this part of the tasks was submitted, in percent. */
    static final int OUTAGE_BEGINS = 35;

    /** The outage ends when this part of the tasks was submitted, in percent. */
    static final int OUTAGE_ENDS = 55;

    DemoPlan {
        tasks = List.copyOf(tasks);
    }

    boolean isReplay() {
        return answers.size() > 0;
    }

    int outageBegin() {
        return tasks.size() * OUTAGE_BEGINS / 100;
    }

    int outageEnd() {
        return tasks.size() * OUTAGE_ENDS / 100;
    }
}
