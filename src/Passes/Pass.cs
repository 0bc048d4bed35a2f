using PrivateInference.IR;

namespace PrivateInference.Passes;

/// <summary>
/// A rewrite of a whole graph. A pass has no state: it gives the same graph for the same graph and parameters, and the
/// very same instance where there is nothing to do. It keeps the graph's inputs and outputs, their names and order, and
/// the names of the nodes and values that survive.
/// </summary>
public abstract class Pass
{
    /// <summary>The name that recipes and the command line use.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one line.</summary>
    public abstract string Summary { get; }

    public abstract PassContract Contract { get; }

    public virtual IReadOnlyList<PassParameter> Parameters => [];

    /// <summary>The publication it follows, or null.</summary>
    public virtual string? Paper => null;

    /// <exception cref="GraphException">The graph has no meaning; the message names the node.</exception>
    public abstract Graph Run(Graph graph, PassContext context);
}
