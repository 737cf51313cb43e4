/** Health, status, spend and activity. */
@NullMarked
package dev.architect.server.report;

import org.jspecify.annotations.NullMarked;
