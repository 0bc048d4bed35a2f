using System.CommandLine;
using PrivateInference.CommandLine;
using PrivateInference.CommandLine.Output;

RootCommand root = CommandTree.Create();
ParseResult parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
        Console.Error.WriteLine($"onnx2mpc: {error.Message}");
    Console.Error.WriteLine($"Try 'onnx2mpc {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
    return ExitCodes.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
#pragma warning disable CA1031 // The last resort: every failure becomes a message and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    return ErrorReport.Print(e);
}
