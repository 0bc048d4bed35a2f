using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Canonical;

/// <summary>Two nodes are equal when they apply equal operations to the same values; constants are compared by content.</summary>
internal sealed class StructuralComparer : IEqualityComparer<Node>
{
    public bool Equals(Node? x, Node? y)
    {
        if (x is null || y is null)
            return x is null && y is null;
        if (x.Operation is Constant a && y.Operation is Constant b)
            return a.Tensor.ContentEquals(b.Tensor);
        return x.Operation.Equals(y.Operation) && x.Inputs.SequenceEqual(y.Inputs);
    }

    public int GetHashCode(Node obj)
    {
        HashCode hash = default;
        if (obj.Operation is Constant constant)
        {
            hash.Add(constant.Tensor.ContentHash());
            return hash.ToHashCode();
        }

        hash.Add(obj.Operation);
        foreach (Value input in obj.Inputs)
            hash.Add(input);
        return hash.ToHashCode();
    }
}
