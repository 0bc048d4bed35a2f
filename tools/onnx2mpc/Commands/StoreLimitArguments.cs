using System.CommandLine;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.CommandLine.Commands;

/// <summary>How much a server keeps for its clients, of whom it knows nothing.</summary>
internal sealed class StoreLimitArguments
{
    private const double Gigabyte = 1e9;

    private readonly Option<int> _items = new("--store-items") { Description = "Inferences kept for one client and plan.", HelpName = "N", DefaultValueFactory = _ => new StoreLimits().MaxItems };
    private readonly Option<double> _size = new("--store-size") { Description = "Gigabytes kept for all clients.", HelpName = "GB", DefaultValueFactory = _ => new StoreLimits().MaxBytes / Gigabyte };
    private readonly Option<double> _days = new("--store-days") { Description = "Days after which an unused inference is deleted.", HelpName = "N", DefaultValueFactory = _ => new StoreLimits().Lifetime.TotalDays };

    public void AddTo(Command command)
    {
        command.Add(_items);
        command.Add(_size);
        command.Add(_days);
    }

    public StoreLimits Read(ParseResult parsed) => new()
    {
        MaxItems = parsed.GetValue(_items),
        MaxBytes = (long)(parsed.GetValue(_size) * Gigabyte),
        Lifetime = TimeSpan.FromDays(parsed.GetValue(_days)),
    };
}
