using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>Operations applied one after the other, of which the last is the node's result.</summary>
internal sealed class OperationChain(ImportContext context, Operand start)
{
    private Operand _current = start;
    private (Operation Operation, Operand[] Others)? _pending;
    private int _steps;

    /// <summary>The shape so far.</summary>
    public Shape Shape => Type.Shape;

    public TensorType Type => _pending is { } pending
        ? pending.Operation.InferType([_current.Type, .. pending.Others.Select(o => o.Type)])
        : _current.Type;

    /// <summary>Applies an operation to the value so far and further operands.</summary>
    public OperationChain Then(Operation operation, params Operand[] rest)
    {
        _current = Flush();
        _pending = (operation, rest);
        return this;
    }

    /// <summary>Defines the node's next output; the value itself where nothing was applied.</summary>
    public void Result()
    {
        if (_pending is { } pending)
            context.Result(pending.Operation, [_current, .. pending.Others]);
        else
            context.Result(_current);
    }

    /// <summary>The value so far, for use in other operations.</summary>
    public Operand Flush()
    {
        if (_pending is { } pending)
            _current = context.Step($"{pending.Operation.Name}{_steps++}", pending.Operation, [_current, .. pending.Others]);
        _pending = null;
        return _current;
    }
}
