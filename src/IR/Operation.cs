namespace PrivateInference.IR;

/// <summary>
/// What a node computes. Each operation is a sealed record that holds its attributes and knows the type of its result;
/// it has no state and no behaviour beyond that. The numeric meaning is in <c>Execution/</c>.
/// </summary>
public abstract record Operation
{
    /// <summary>The stable lower-case name that the printer, recipes and reports use.</summary>
    public abstract string Name { get; }

    /// <summary>Attributes in a stable order, as the printer shows them.</summary>
    public virtual IEnumerable<(string Name, string Value)> Attributes => [];

    /// <summary>The type of the result for inputs of these types.</summary>
    /// <exception cref="GraphException">The inputs do not fit the operation; the message says why.</exception>
    public abstract TensorType InferType(IReadOnlyList<TensorType> inputs);

    /// <exception cref="GraphException">The number of inputs is outside the range.</exception>
    protected void RequireInputs(IReadOnlyList<TensorType> inputs, int minimum, int? maximum = null)
    {
        if (inputs.Count < minimum || inputs.Count > (maximum ?? minimum))
            throw new GraphException($"'{Name}' takes {minimum}{(maximum is > 0 && maximum != minimum ? $" to {maximum}" : "")} inputs and got {inputs.Count}.");
    }
}
