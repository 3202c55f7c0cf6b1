/**
 * A page over a mixture: what each component has learned, how it completes rows, which rows it
 * finds unlikely, and where candidates of NDB differ.
 *
 * <p>The page is the program, the server a small store of arrays. The page decodes components,
 * sorts and draws by itself; the server answers only what needs the model or the data:
 *
 * <pre>
 *   browser --HttpServer--&gt; Gate --Request--&gt; Routes --&gt; Exploration   what is explored, in memory
 *                             |                  |----&gt; Compute       the one thread that asks the model
 *                             |                  |----&gt; ComponentMap, Atlas, Scores, CandidateBins
 *                             &lt;-----Reply--------|
 * </pre>
 *
 * <p>{@link org.mixel.explorer.Gate} lets in whoever shows the token that was printed, and nobody
 * whom another page or machine sends; every request passes it before anything else. {@link
 * org.mixel.explorer.Routes} is the list of addresses. {@link org.mixel.explorer.Compute} has one
 * thread for questions, with a short queue, and one for long work that gives way to them. Pictures
 * travel as little-endian float32, everything else as JSON. No address is ever a path of a file.
 */
@NullMarked
package org.mixel.explorer;

import org.jspecify.annotations.NullMarked;
