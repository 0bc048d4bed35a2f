using PrivateInference.IR;

namespace PrivateInference.Passes.Sharing;

/// <summary>Groups of a layer's activations that share a decision, and how a graph expresses it.</summary>
internal interface ISharedDecisions
{
    /// <summary>How many decisions one inference takes.</summary>
    long Count { get; }

    /// <summary>Elements of the constant weights that it takes to form the deciding values.</summary>
    long WeightCount { get; }

    /// <summary>Writes the deciding values, one a group.</summary>
    Value WriteDeciders();

    /// <summary>Copies each group's decision to its members by local operations.</summary>
    /// <param name="decisions">One value a group, in the deciders' shape.</param>
    /// <returns>A value of the layer's shape.</returns>
    Value WriteExpansion(Value decisions);
}
