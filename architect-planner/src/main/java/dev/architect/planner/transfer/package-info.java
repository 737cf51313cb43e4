/** Files of other programs and archives, read into what projects can import; archives and tables written. */
@NullMarked
package dev.architect.planner.transfer;

import org.jspecify.annotations.NullMarked;
